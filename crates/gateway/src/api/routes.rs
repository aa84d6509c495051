//! How a route gets into the router: with what it needs, and in no other way.
//!
//! `INVARIANT:` no file but this one adds a route to a router (guarded by `tests/it/rights.rs`).

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, any, on};

use crate::rights::Needs;
use crate::state::Gateway;

/// A route, and who may call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Method; `None` for any.
    pub method: Option<Method>,
    /// Path, with parts in braces that may be anything.
    pub path: String,
    /// Who may call it.
    pub needs: Needs,
}

/// Routes that come together.
#[derive(Default)]
pub(super) struct Routes {
    router: Router<Arc<Gateway>>,
    table: Vec<Route>,
}

impl Routes {
    /// Adds one. What it needs must be what the handler takes as an argument.
    pub(super) fn on<H, T>(
        mut self,
        method: Method,
        path: impl Into<String>,
        needs: Needs,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Arc<Gateway>>,
        T: 'static,
    {
        let path = path.into();
        let filter = match method {
            Method::POST => MethodFilter::POST,
            Method::PUT => MethodFilter::PUT,
            Method::PATCH => MethodFilter::PATCH,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        self.router = self.router.route(&path, on(filter, handler));
        self.table.push(Route { method: Some(method), path, needs });
        self
    }

    /// Adds one for any method.
    pub(super) fn on_any<H, T>(mut self, path: &str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, Arc<Gateway>>,
        T: 'static,
    {
        self.router = self.router.route(path, any(handler));
        self.table.push(Route { method: None, path: path.to_owned(), needs });
        self
    }

    /// What can be asked.
    pub(super) fn router(self) -> Router<Arc<Gateway>> {
        self.router
    }

    /// Who may ask it.
    pub(super) fn table(self) -> Vec<Route> {
        self.table
    }
}
