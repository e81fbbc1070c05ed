//! Reset, boot text, and what a restart forgets.

use core::time::Duration;

use super::output::Marker;
use super::{Client, Clock, Flash, Mode, Module, Output, Power, Provision, ScanOptions, Station};
use crate::settings::BootNoise;

/// Baud of the boot ROM's text (26 MHz crystal).
const ROM_BAUD: u32 = 74_880;

/// The boot ROM's and the second boot loader's text after the first line.
const ROM_TEXT: &str = "\r\n\r\nload 0x40100000, len 2592, room 16 \r\ntail 0\r\nchksum 0xf3\r\n\
load 0x3ffe8000, len 764, room 8 \r\ntail 4\r\nchksum 0x92\r\n\
load 0x3ffe82fc, len 676, room 4 \r\ntail 0\r\nchksum 0x22\r\ncsum 0x22\r\n\r\n\
2nd boot version : 1.7(5d6f877)\r\n  SPI Speed      : 40MHz\r\n  SPI Mode       : QIO\r\n\
  SPI Flash Size & Map: 16Mbit(1024KB+1024KB)\r\njump to run user1 @ 1000\r\n\r\n";

impl Module {
    /// Everything in RAM is gone, and so is the TCP connection.
    pub(super) fn drop_everything(&mut self) {
        self.broker.cut(self.now);
        self.network.reset(self.now);
        self.sockets = self.sockets.restarted();
        self.output = Output::default();
        self.mode = Mode::Commands;
        self.job = None;
        self.reader.clear();
        self.refused_line.clear();
        self.client = Client::default();
        self.station = Station::new(self.flash.wifi_mode);
        self.echo = true;
        self.syslog = false;
        self.store = true;
        self.multiple_links = false;
        self.sleep_mode = 2;
        self.rf_power = 82;
        self.supply = self.settings.supply;
        self.pins.restart();
        self.clock = Clock::default();
        self.host_name = None;
        self.mdns = None;
        self.join_timeout = None;
        self.rejoin = super::REJOIN;
        self.scan_options = ScanOptions::default();
        self.soft_ap_clients.clear();
        self.provision = Provision::default();
        self.config = self.flash.config.clone();
        self.publish_fails = false;
        self.baud = self.flash.baud;
    }

    pub(super) fn boot(&mut self, cause: u8) {
        self.record.restarts += 1;
        self.power = Power::Booting {
            ready_at: self.now + self.settings.latency.boot,
        };
        match self.settings.boot_noise.clone() {
            BootNoise::None => {}
            BootNoise::Bytes(bytes) => self.print(&bytes),
            BootNoise::RomText => {
                let first = format!("\r\n ets Jan  8 2013,rst cause:{cause}, boot mode:(3,6)");
                self.output.print(first.as_bytes(), ROM_BAUD);
                self.output.print(ROM_TEXT.as_bytes(), ROM_BAUD);
            }
        }
    }

    pub(super) fn become_ready(&mut self) {
        self.power = Power::On;
        self.print(b"\r\nready\r\n");
        self.sockets.awaits_wifi = self.flash.passthrough.is_some();
        if self.flash.auto_connect
            && self.station.is_enabled()
            && let Some(stored) = self.flash.station.clone()
        {
            self.start_join(stored);
        }
    }

    /// Restarts when everything printed so far has left the UART.
    pub(crate) fn restart_after_output(&mut self) {
        self.job = Some(super::Job::Hung);
        self.output.mark(Marker::Restart);
    }

    /// Goes to deep sleep when everything printed so far has left the UART.
    pub(crate) fn sleep_after_output(&mut self, millis: u32) {
        self.job = Some(super::Job::Hung);
        self.output.mark(Marker::Sleep(millis));
    }

    /// Everything is off until the RTC timer pulls the reset input, if it is wired to do so. 0 is for ever.
    pub(super) fn sleep(&mut self, millis: u32) {
        self.drop_everything();
        let wakes = self.settings.wakes_from_sleep && millis > 0;
        let until = wakes.then(|| self.now + Duration::from_millis(u64::from(millis)));
        self.power = Power::Asleep { until };
    }

    /// Changes the baud when everything printed so far has left the UART.
    pub(crate) fn set_baud_after_output(&mut self, baud: u32) {
        self.output.mark(Marker::Baud(baud));
    }

    /// Back to the settings of the factory.
    pub(crate) fn erase_flash(&mut self) {
        self.flash = Flash::factory(&self.settings);
    }
}
