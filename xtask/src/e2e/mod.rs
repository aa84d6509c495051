//! End to end
pub(crate) fn run(_a: &[String]) -> Result<(), String> {
    Ok(())
}
pub(crate) fn missing() -> Option<String> {
    None
}
