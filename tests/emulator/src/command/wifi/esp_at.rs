//! Wi-Fi commands that NonOS AT has not.

use super::super::{Call, Entry, Outcome, Reply, code, config, esp_at, set_config};
use crate::module::{Module, StationPhase};
use crate::settings::{EspAtRelease, Settings};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CWSTATE", shows_state).query(state),
    Entry::new("CWRECONNCFG", esp_at)
        .query(|module, _| {
            let (interval, attempts) = module.rejoin;
            module.print_line(&format!("+CWRECONNCFG:{interval},{attempts}"));
            Ok(Outcome::Ok)
        })
        .set(|module, call| {
            call.count(2..=2)?;
            let interval = u16::try_from(call.number(0, 0..=7200)?).unwrap_or_default();
            let attempts = u16::try_from(call.number(1, 0..=1000)?).unwrap_or_default();
            module.rejoin = (interval, attempts);
            Ok(Outcome::Ok)
        }),
    Entry::new("CWQIF", esp_at)
        .set(disconnect_one)
        .execute(disconnect_all),
    Entry::new("CWSTAPROTO", esp_at)
        .query(protocols)
        .set(set_protocols),
    Entry::new("CWAPPROTO", esp_at)
        .query(protocols)
        .set(set_protocols),
];

/// Since 2.2.
fn shows_state(settings: &Settings) -> bool {
    esp_at(settings) && settings.release >= EspAtRelease::V2_2
}

fn state(module: &mut Module, _: &Call) -> Reply {
    let station = &module.station;
    let number = match station.phase {
        StationPhase::GettingIp => 1,
        StationPhase::Joined => 2,
        StationPhase::Associating | StationPhase::Failing(_) | StationPhase::Searching => 3,
        StationPhase::Idle if station.tried => 4,
        StationPhase::Idle => 0,
    };
    let ssid = station.target.as_ref().map(|target| target.ssid.clone());
    module.print(format!("+CWSTATE:{number},\"").as_bytes());
    module.print(&ssid.unwrap_or_default());
    module.print_line("\"");
    Ok(Outcome::Ok)
}

/// `AT+CWJAP` without parameters: the access point of the last join.
pub(super) fn rejoin(module: &mut Module, call: &Call) -> Reply {
    if !module.is_esp_at() {
        return Err(code::FORM);
    }
    let last = module.station.last.clone();
    let target = last.or_else(|| module.flash.station.clone());
    let Some(target) = target.filter(|_| module.station.is_enabled()) else {
        return Err(code::FAILED);
    };
    module.await_join(&call.name);
    module.start_join(target);
    Ok(Outcome::Pending)
}

fn disconnect_one(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let mac = call.mac(0)?;
    if module.station.mode & 2 == 0 {
        return Err(code::FAILED);
    }
    let now = module.now;
    module.station_leaves(now, &mac);
    Ok(Outcome::Ok)
}

fn disconnect_all(module: &mut Module, _: &Call) -> Reply {
    if module.station.mode & 2 == 0 {
        return Err(code::FAILED);
    }
    let now = module.now;
    for client in module.soft_ap_clients.clone() {
        module.station_leaves(now, &client.mac);
    }
    Ok(Outcome::Ok)
}

/// The station's protocols are the first, the soft-AP's the second.
fn interface(call: &Call) -> usize {
    usize::from(call.name == "CWAPPROTO")
}

fn protocols(module: &mut Module, call: &Call) -> Reply {
    let bits = config(module, call).protocols[interface(call)];
    module.print_line(&format!("+{}:{bits}", call.name));
    Ok(Outcome::Ok)
}

/// Bit 0 is 802.11b, bit 1 802.11g, bit 2 802.11n; the radio has b alone, bg and bgn only.
fn set_protocols(module: &mut Module, call: &Call) -> Reply {
    call.count(1..=1)?;
    let bits = call.small(0, 1..=7)?;
    if !matches!(bits, 1 | 3 | 7) {
        return Err(code::invalid(0));
    }
    let interface = interface(call);
    set_config(module, call, |config| config.protocols[interface] = bits);
    Ok(Outcome::Ok)
}
