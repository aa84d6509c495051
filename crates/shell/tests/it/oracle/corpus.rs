//! Kept texts.
