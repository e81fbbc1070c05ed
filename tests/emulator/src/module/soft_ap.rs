//! Stations of the module's own access point.

use core::net::Ipv4Addr;
use core::time::Duration;

use super::Module;

/// A station that has joined the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SoftApClient {
    pub mac: String,
    pub address: Ipv4Addr,
}

impl Module {
    /// A station joins the module's access point, if it is on and has room.
    pub fn station_joins(&mut self, now: Duration, mac: &str) {
        self.advance(now);
        let config = &self.config;
        let known = self.soft_ap_clients.iter().any(|client| client.mac == mac);
        let full = self.soft_ap_clients.len() >= usize::from(config.soft_ap.max_stations);
        if self.station.mode & 2 == 0 || known || full {
            return;
        }
        let leases = config.leases;
        let free = (u32::from(leases.first)..=u32::from(leases.last))
            .map(Ipv4Addr::from)
            .find(|ip| {
                self.soft_ap_clients
                    .iter()
                    .all(|known| known.address != *ip)
            });
        let leased = free.filter(|_| config.dhcp & 2 == 2);
        self.print_line(&format!("+STA_CONNECTED:\"{mac}\""));
        if let Some(ip) = leased {
            self.print_line(&format!("+DIST_STA_IP:\"{mac}\",\"{ip}\""));
        }
        self.soft_ap_clients.push(SoftApClient {
            mac: mac.into(),
            address: leased.unwrap_or(Ipv4Addr::UNSPECIFIED),
        });
    }

    /// A station leaves the module's access point.
    pub fn station_leaves(&mut self, now: Duration, mac: &str) {
        self.advance(now);
        let before = self.soft_ap_clients.len();
        self.soft_ap_clients.retain(|client| client.mac != mac);
        if self.soft_ap_clients.len() < before {
            self.print_line(&format!("+STA_DISCONNECTED:\"{mac}\""));
        }
    }

    /// Name of the station in the network.
    pub(crate) fn host_name(&self) -> String {
        self.host_name.clone().unwrap_or_else(|| {
            let tail: String = self.config.station_mac.split(':').skip(3).collect();
            format!("ESP_{}", tail.to_uppercase())
        })
    }
}
