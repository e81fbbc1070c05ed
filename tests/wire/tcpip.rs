//! Chapter "TCP/IP AT Commands".

pub const CHECKS: &[fn()] = &[];
