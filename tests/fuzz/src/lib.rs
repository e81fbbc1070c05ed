//! What the fuzz targets do with their input, and what must hold whatever it is.

pub mod cancellation;
pub mod digester;
pub mod session;
pub mod wire;
