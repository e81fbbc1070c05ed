//! Every command on the wire, chapter by chapter: what it writes byte for byte, what is refused, how responses are read.
//!
//! A check is a test, and stands in the `CHECKS` of its module: the tests of `coverage` run them again to see which
//! commands they cover, and compare that with the table in the documentation of `command`.

mod basic;
mod coverage;
mod harness;
mod limits;
mod mqtt;
mod protocol;
mod tcpip;
mod wifi;
