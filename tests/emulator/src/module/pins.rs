//! The module's pins, as the GPIO commands of NonOS AT see them.

use core::time::Duration;

use super::Module;

/// One pin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pin {
    /// Number of its function; see [`gpio_function`].
    pub function: u8,
    pub pull_up: bool,
    pub output: bool,
    /// What the module drives.
    pub driven: bool,
    /// What the outside drives.
    pub input: bool,
}

/// Pins by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pins([Pin; 16]);

/// The function number that makes `pin` a GPIO; `None` for pins that the module needs for its flash, or does not have.
pub(crate) fn gpio_function(pin: usize) -> Option<u8> {
    match pin {
        0 | 2 | 4 | 5 => Some(0),
        1 | 3 | 9 | 10 | 12..=15 => Some(3),
        _ => None,
    }
}

impl Pins {
    pub fn get(&self, pin: usize) -> Option<Pin> {
        gpio_function(pin)?;
        self.0.get(pin).copied()
    }

    pub fn get_mut(&mut self, pin: usize) -> Option<&mut Pin> {
        gpio_function(pin)?;
        self.0.get_mut(pin)
    }

    /// A restart forgets what the commands set, not what the outside drives.
    pub fn restart(&mut self) {
        for pin in &mut self.0 {
            *pin = Pin {
                input: pin.input,
                ..Pin::default()
            };
        }
    }
}

impl Module {
    /// The outside drives `pin` to `high`.
    pub fn set_pin(&mut self, now: Duration, pin: usize, high: bool) {
        self.advance(now);
        if let Some(pin) = self.pins.get_mut(pin) {
            pin.input = high;
        }
    }

    /// What the module drives `pin` to; `None` if it is no output.
    #[must_use]
    pub fn pin_output(&self, pin: usize) -> Option<bool> {
        let state = self.pins.get(pin)?;
        let is_gpio = gpio_function(pin) == Some(state.function);
        (is_gpio && state.output).then_some(state.driven)
    }
}
