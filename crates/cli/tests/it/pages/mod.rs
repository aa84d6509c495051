//! Pages that are typed from top to bottom: the team in ten minutes, the gateway, the example project.

mod article;
mod example;
mod gateway;
mod team;
mod typist;
