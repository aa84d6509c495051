//! Yes, possible, no; strict and loose (section 4).

/// How certain it is that something holds; a later one is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    No,
    Possible,
    Yes,
}

impl Sure {
    /// Strongest of several; *no* of none.
    pub(crate) fn any(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().max().unwrap_or(Self::No)
    }

    /// Weakest of several; *yes* of none.
    pub(crate) fn all(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().min().unwrap_or(Self::Yes)
    }

    /// *Possible* unless the condition fails.
    pub(crate) fn possible_if(holds: bool) -> Self {
        if holds { Self::Possible } else { Self::No }
    }
}

impl From<bool> for Sure {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Strict,
    Loose,
}

impl Reading {
    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::Strict => Self::Loose,
            Self::Loose => Self::Strict,
        }
    }

    pub(crate) fn strict(self) -> bool {
        self == Self::Strict
    }

    /// Doubt counts only loosely.
    pub(crate) fn doubt(self) -> Sure {
        Sure::possible_if(!self.strict())
    }
}
