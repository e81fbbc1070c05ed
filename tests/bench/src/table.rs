//! x
use super::Figures;
use std::path::Path;
pub fn write(_: &Figures, _: &Path) -> Result<(), String> {
    Ok(())
}
