//! Carries the size of minimq's session and connection beside their buffers.
#![no_std]
#![no_main]

use minimq::{Connection, Session};
use size_peer::Stream;

size_peer::carry_size!((Session<'static>, Connection<'static, 'static, Stream>));
