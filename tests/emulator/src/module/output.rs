//! What the module has printed and its UART has not sent yet.

use std::collections::VecDeque;

/// Something in the transmit queue.
enum Item {
    Byte(u8, u32),
    Marker(Marker),
}

/// Happens when everything before it has left the UART.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    Baud(u32),
    Restart,
    /// Deep sleep of so many milliseconds.
    Sleep(u32),
}

/// What the transmitter gets next.
pub(crate) enum Next {
    /// A byte and the baud to send it at.
    Byte(u8, u32),
    Marker(Marker),
}

#[derive(Default)]
pub(crate) struct Output(VecDeque<Item>);

impl Output {
    pub fn print(&mut self, bytes: &[u8], baud: u32) {
        self.0
            .extend(bytes.iter().map(|byte| Item::Byte(*byte, baud)));
    }

    pub fn mark(&mut self, marker: Marker) {
        self.0.push_back(Item::Marker(marker));
    }

    pub fn next(&mut self) -> Option<Next> {
        self.0.pop_front().map(|item| match item {
            Item::Byte(byte, baud) => Next::Byte(byte, baud),
            Item::Marker(marker) => Next::Marker(marker),
        })
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
