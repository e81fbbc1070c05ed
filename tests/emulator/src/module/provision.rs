//! SmartConfig and WPS: the module learns an access point from somebody else.

use core::time::Duration;

use super::{Module, StoredStation};
use crate::settings::{SmartConfig, SmartConfigKind};

/// What the module listens for, and what it does about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Provision {
    /// SmartConfig is on: 1 ESP-TOUCH, 2 AirKiss, 3 both, 4 ESP-TOUCH v2.
    pub smart: Option<u8>,
    /// WPS is on and will be given up at this time.
    wps_until: Option<Duration>,
    /// A broadcast that is being received.
    incoming: Option<(Duration, SmartConfig)>,
    /// The join under way is SmartConfig's.
    joining: bool,
}

impl Provision {
    pub fn due(&self) -> Option<Duration> {
        let incoming = self.incoming.as_ref().map(|(at, _)| *at);
        [self.wps_until, incoming].into_iter().flatten().min()
    }
}

impl Module {
    /// A phone broadcasts an access point by SmartConfig.
    pub fn broadcast(&mut self, now: Duration, smart_config: SmartConfig) {
        self.advance(now);
        let (name, bit) = match smart_config.kind {
            SmartConfigKind::EspTouch => ("ESPTOUCH", 1),
            SmartConfigKind::AirKiss => ("AIRKISS", 2),
        };
        let hears = match self.provision.smart {
            Some(4) => bit == 1,
            Some(kinds) => kinds & bit != 0,
            None => false,
        };
        if hears && self.provision.incoming.is_none() {
            self.print_line(&format!("smartconfig type:{name}"));
            let at = self.now + self.settings.latency.smart_config;
            self.provision.incoming = Some((at, smart_config));
        }
    }

    /// Somebody presses the WPS button of the first access point in range.
    pub fn press_wps_button(&mut self, now: Duration) {
        self.advance(now);
        let access_point = self.settings.access_points.first().cloned();
        if let (Some(_), Some(ap)) = (self.provision.wps_until, access_point) {
            self.provision.wps_until = None;
            self.print_line("wps success,connecting ap ...");
            self.learn(ap.ssid, ap.password);
        }
    }

    fn learn(&mut self, ssid: Vec<u8>, password: Vec<u8>) {
        let target = StoredStation {
            ssid,
            password,
            bssid: None,
            secure_only: false,
            enterprise: None,
        };
        self.flash.station = Some(target.clone());
        self.start_join(target);
    }

    pub(crate) fn stop_smart_config(&mut self) {
        self.provision.smart = None;
        self.provision.incoming = None;
        self.provision.joining = false;
    }

    pub(crate) fn start_wps(&mut self) {
        self.provision.wps_until = Some(self.now + self.settings.latency.wps_timeout);
    }

    pub(crate) fn stop_wps(&mut self) {
        self.provision.wps_until = None;
    }

    pub(super) fn provision_due(&mut self) {
        let now = self.now;
        if self.provision.wps_until.is_some_and(|until| until <= now) {
            self.provision.wps_until = None;
            self.print_line("wps fail");
        }
        let come = self.provision.incoming.take_if(|(at, _)| *at <= now);
        if let Some((_, heard)) = come {
            self.print_line("Smart get wifi info");
            for (label, value) in [("ssid:", &heard.ssid), ("password:", &heard.password)] {
                self.print(label.as_bytes());
                self.print(value);
                self.print(b"\r\n");
            }
            self.provision.joining = true;
            self.learn(heard.ssid, heard.password);
        }
    }

    /// A join has ended.
    pub(super) fn provision_joined(&mut self, joined: bool) {
        if core::mem::take(&mut self.provision.joining) {
            self.print_line(if joined {
                "smartconfig connected wifi"
            } else {
                "smartconfig connect fail"
            });
        }
    }
}
