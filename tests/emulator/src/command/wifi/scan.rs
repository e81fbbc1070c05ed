//! `AT+CWLAP` and `AT+CWLAPOPT`.

use core::time::Duration;

use super::super::{Call, Code, Entry, Form, Outcome, Reply, any, code};
use crate::module::{Module, Scan, ScanOptions};

pub(in super::super) const TABLE: &[Entry] = &[
    Entry::new("CWLAP", any).set(scan).execute(scan),
    Entry::new("CWLAPOPT", any).set(set_options),
];

/// Channels of a scan that names none.
const CHANNELS: u32 = 13;
/// How much longer than an active scan a passive one listens to each channel.
const PASSIVE: u32 = 3;

fn optional<T>(
    call: &Call,
    index: usize,
    get: impl FnOnce(usize) -> Result<T, Code>,
) -> Result<Option<T>, Code> {
    if call.is_omitted(index) {
        Ok(None)
    } else {
        get(index).map(Some)
    }
}

fn scan(module: &mut Module, call: &Call) -> Reply {
    if call.form == Form::Set {
        call.count(1..=6)?;
    }
    let filter = Scan {
        ssid: optional(call, 0, |at| call.text(at, 0..=32).map(<[u8]>::to_vec))?,
        bssid: optional(call, 1, |at| call.mac(at))?,
        channel: optional(call, 2, |at| call.small(at, 1..=14))?,
    };
    let passive = optional(call, 3, |at| call.flag(at))?.unwrap_or_default();
    let least = optional(call, 4, |at| call.number(at, 0..=1500))?;
    let most = optional(call, 5, |at| call.number(at, 0..=1500))?;
    if matches!((least, most), (Some(least), Some(most)) if most > 0 && least > most) {
        return Err(code::invalid(5));
    }
    if !module.station.is_enabled() {
        return Err(code::FAILED);
    }
    let channels = if filter.channel.is_some() {
        1
    } else {
        CHANNELS
    };
    let usual = module.settings.latency.scan / CHANNELS;
    let each = match most.or(least).and_then(|millis| u64::try_from(millis).ok()) {
        Some(millis) if millis > 0 && !usual.is_zero() => Duration::from_millis(millis),
        _ if passive => usual * PASSIVE,
        _ => usual,
    };
    let list = module.scan_result(&filter);
    module.finish_with_after(list, each * channels);
    Ok(Outcome::Pending)
}

fn set_options(module: &mut Module, call: &Call) -> Reply {
    let most = if module.is_esp_at() { 4 } else { 2 };
    call.count(2..=most)?;
    module.scan_options = ScanOptions {
        sorted: call.flag(0)?,
        fields: u16::try_from(call.number(1, 0..=0x7ff)?).unwrap_or_default(),
        weakest: optional(call, 2, |at| call.number(at, -100..=40))?.unwrap_or(-100),
    };
    call.number_or(3, 0..=0x3ff, 0)?;
    Ok(Outcome::Ok)
}
