//! Where the module is: behind a serial port, a socket, or in this process.

use crate::{
    checks::Options,
    emulated::{self, Emulator, Trouble},
    port::{Serial, Tcp},
    rate::Rate,
};
use esp8266_mqtt::BaudRate;
use esp8266_mqtt_emulator::{MemoryBroker, MemoryNetwork, RealTimePort};
use std::{thread, time::Duration};

impl Rate for Serial {
    fn set_rate(&mut self, rate: BaudRate) -> bool {
        self.0.set_baud_rate(rate.get()).is_ok()
    }
}

impl Rate for Tcp {
    const HAS_RATE: bool = false;

    fn set_rate(&mut self, _: BaudRate) -> bool {
        true
    }
}

impl Rate for RealTimePort {
    fn set_rate(&mut self, rate: BaudRate) -> bool {
        self.set_host_baud(rate.get());
        true
    }
}

/// Switches the module on.
pub fn switch_on(
    firmware: Emulator,
    trouble: Option<Trouble>,
    options: &Options<'_>,
) -> RealTimePort {
    let (broker, network) = (MemoryBroker::new(), MemoryNetwork::new());
    let fault = emulated::prepare(trouble, options, &broker, &network);
    if trouble == Some(Trouble::Contested) {
        compete(broker.clone());
    }
    let settings = emulated::settings(firmware, trouble, options);
    let port = RealTimePort::new(settings, Box::new(broker.link()));
    let mut port = port.with_network(Box::new(network.port()));
    if let Some(fault) = fault {
        port.fault(fault);
    }
    port
}

/// Another client connects by the same id, soon after the module's own has published.
fn compete(broker: MemoryBroker) {
    thread::spawn(move || {
        while broker.published().is_empty() {
            thread::sleep(Duration::from_millis(50));
        }
        thread::sleep(Duration::from_secs(2));
        for id in broker.clients() {
            broker.take_over(&id);
        }
    });
}
