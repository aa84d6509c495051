//! Rights, and roles as named sets of them. The manual shows both tables; a test compares it with these.

/// Something that may be allowed to whoever is no agent. What agents may is not given by rights: see [`Needs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// See agents.
    AgentsRead,
    /// Make, change and revoke agents, and give them new keys.
    AgentsWrite,
    /// See and try out policies.
    PoliciesRead,
    /// Apply, delete and roll back policies.
    PoliciesApply,
    /// See records.
    RecordsRead,
    /// Report what an agent did, for any agent.
    RecordsWrite,
    /// Ask for any agent.
    DecideAny,
    /// See operators.
    OperatorsRead,
    /// Make, change and disable operators.
    OperatorsWrite,
    /// See which tokens there are.
    TokensRead,
    /// Make and revoke tokens.
    TokensWrite,
    /// Act in the name of another operator.
    ActAs,
    /// Answer requests. Nothing asks for it yet.
    RequestsAnswer,
}

impl Right {
    /// All of them, with their names.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::AgentsRead, "agents:read"),
        (Self::AgentsWrite, "agents:write"),
        (Self::PoliciesRead, "policies:read"),
        (Self::PoliciesApply, "policies:apply"),
        (Self::RecordsRead, "records:read"),
        (Self::RecordsWrite, "records:write"),
        (Self::DecideAny, "decide:any"),
        (Self::OperatorsRead, "operators:read"),
        (Self::OperatorsWrite, "operators:write"),
        (Self::TokensRead, "tokens:read"),
        (Self::TokensWrite, "tokens:write"),
        (Self::ActAs, "act-as"),
        (Self::RequestsAnswer, "requests:answer"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(right, _)| *right == self).map_or("", |(_, name)| name)
    }

    /// The right of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(right, _)| *right)
    }
}

/// A set of rights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights(u32);

impl Rights {
    /// Every right.
    pub const ALL: Self = Self((1 << Right::ALL.len()) - 1);

    /// These.
    pub const fn of(rights: &[Right]) -> Self {
        let mut bits = 0;
        let mut rest = rights;
        while let [first, behind @ ..] = rest {
            bits |= 1 << *first as u32;
            rest = behind;
        }
        Self(bits)
    }

    /// Those of the names that are known; what this version does not know gives nothing.
    pub(crate) fn of_names(names: &[String]) -> Self {
        let known: Vec<Right> = names.iter().filter_map(|name| Right::parse(name)).collect();
        Self::of(&known)
    }

    /// Whether it holds one.
    pub fn has(self, right: Right) -> bool {
        self.covers(Self::of(&[right]))
    }

    /// Whether it holds all of the others.
    pub fn covers(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// What both hold.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The names of what it holds.
    pub fn names(self) -> Vec<&'static str> {
        Right::ALL.iter().filter(|(right, _)| self.has(*right)).map(|(_, name)| *name).collect()
    }
}

/// What an operator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything but acting as others, and so nothing to owners.
    Admin,
    /// Agents, policies, and speaking for agents.
    Editor,
    /// Looks, and answers requests.
    Approver,
    /// Looks.
    Viewer,
}

const VIEWER: &[Right] = &[Right::AgentsRead, Right::PoliciesRead, Right::RecordsRead];

impl Role {
    /// All of them, with their names, from most to least.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Owner, placet_store::OWNER),
        (Self::Admin, "admin"),
        (Self::Editor, "editor"),
        (Self::Approver, "approver"),
        (Self::Viewer, "viewer"),
    ];

    /// What it may.
    pub fn rights(self) -> Rights {
        let more: &[Right] = match self {
            Self::Owner => return Rights::ALL,
            Self::Admin => return Rights(Rights::ALL.0 & !Rights::of(&[Right::ActAs]).0),
            Self::Editor => {
                &[Right::AgentsWrite, Right::PoliciesApply, Right::RecordsWrite, Right::DecideAny]
            }
            Self::Approver => &[Right::RequestsAnswer],
            Self::Viewer => &[],
        };
        Rights(Rights::of(VIEWER).0 | Rights::of(more).0)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, name)| name)
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
    }
}

/// What a role that is stored may; one that this version does not know may nothing.
pub(crate) fn of_role(name: &str) -> Rights {
    Role::parse(name).map_or(Rights::default(), Role::rights)
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Anybody.
    Nothing,
    /// Anybody on this machine; from elsewhere whoever has the right.
    OpenHere(Right),
    /// An agent, with its key or a short-lived token.
    Agent,
    /// An agent with its key.
    AgentKey,
    /// An agent for itself, or whoever has the right.
    AgentOr(Right),
    /// Whoever is no agent, with whatever rights.
    Administration,
    /// An operator, about its own session.
    Session,
    /// Whoever has the right.
    Right(Right),
    /// The same; an operator must have given the password a short while ago.
    Sure(Right),
}
