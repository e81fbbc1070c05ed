//! Finding the module: at which baud rate it answers, if at all.

use crate::{
    checks::problem,
    diagnosis::{Checked, Diagnosis},
    screen::Screen,
    trace::{Traced, Wire},
};
use embedded_hal::delay::DelayNs;
use esp8266_mqtt::{BaudRate, Buffers, Error, Esp8266Mqtt, Uart, command::basic::Attention};

const CHECK: &str = "baud rate";

/// A port whose baud rate can be set, if it has one.
pub trait Rate {
    const HAS_RATE: bool = true;

    /// Returns whether the port can do that.
    fn set_rate(&mut self, rate: BaudRate) -> bool;
}

impl<P: Rate> Rate for Traced<P> {
    const HAS_RATE: bool = P::HAS_RATE;

    fn set_rate(&mut self, rate: BaudRate) -> bool {
        self.port.set_rate(rate)
    }
}

/// Sets `uart` to the rate at which the module answers, and returns it.
pub fn find<U: Uart + Rate, D: DelayNs>(
    uart: &mut U,
    delay: &mut D,
    first: Option<BaudRate>,
    wire: &Wire,
    screen: &Screen,
) -> Checked<BaudRate> {
    let common = BaudRate::COMMON.into_iter();
    let others = common.filter(|&rate| U::HAS_RATE && Some(rate) != first);
    let rates: Vec<_> = first.into_iter().chain(others).collect();
    let fallback = [BaudRate::B9600];
    let rates = if rates.is_empty() {
        &fallback
    } else {
        &rates[..]
    };

    screen.working(CHECK, "asking the module, up to 10 s");
    for &rate in rates {
        if uart.set_rate(rate) && answers(uart, delay, false)? {
            return Ok(rate);
        }
    }
    // It may still wait for the rest of a message. The likeliest rates come first.
    screen.working(CHECK, "asking with more patience, up to 20 s");
    for &rate in &rates[..rates.len().min(2)] {
        if uart.set_rate(rate) && answers(uart, delay, true)? {
            return Ok(rate);
        }
    }
    Err(match wire.received() {
        0 => Diagnosis::Silent.because(if U::HAS_RATE {
            "no answer at any usual baud rate, and not a single byte"
        } else {
            "no answer, and not a single byte"
        }),
        count if count == wire.sent() => {
            Diagnosis::Silent.because("only what was sent comes back: TX and RX are joined")
        }
        count => Diagnosis::Unreadable.because(format!("{count} bytes, and no answer among them")),
    })
}

/// Whether the module answers anything at the rate that the UART has.
///
/// `Esp8266Mqtt::find_baud` does this as well, with as much patience at each rate as there is here for two.
fn answers<U: Uart, D: DelayNs>(uart: &mut U, delay: &mut D, is_patient: bool) -> Checked<bool> {
    let (mut rx, mut tx) = ([0; 512], [0; 256]);
    let mut module = Esp8266Mqtt::new(uart, delay, Buffers::new(&mut rx, &mut tx));
    let answer = if is_patient {
        module.init().map(drop)
    } else {
        module.send(&Attention).map(drop)
    };
    match answer {
        Err(error @ (Error::Uart(_) | Error::WriteStalled)) => Err(problem(error, Diagnosis::Port)),
        Err(Error::Timeout { .. }) => Ok(false),
        // ERROR or busy: it has heard.
        _ => Ok(true),
    }
}
