//! The blocking driver with an emulated module, a message in every gap, and noise, damage and losses anywhere.
//!
//! Whatever happens: every call ends in the time that its documentation promises; while no frame is damaged, every
//! message is received or counted as dropped; afterwards `init` succeeds, and a message is received.

mod calls;

use core::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use esp8266_mqtt::{Buffers, Error, Esp8266Mqtt, Event};
use esp8266_mqtt_emulator::bench::{Delay, Uart};
use esp8266_mqtt_emulator::{Action, Bench, Direction, Fault};

use crate::wire::{self, Account, Noise, Payload, Spoken, short, shown};
use calls::Call;

pub type Driver<'b> = Esp8266Mqtt<'b, Uart, Delay>;

/// A busy line that comes late can restart each of 20 attempts.
const BUSY_ATTEMPTS: u32 = 21;

const STEPS: usize = 24;

#[derive(Arbitrary, Debug)]
struct Input {
    spoken: Spoken,
    is_joined: bool,
    rx: Size,
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Size {
    Tiny,
    Small,
    Usual,
    Large,
}

#[derive(Debug)]
enum Step {
    Call(Call),
    /// A message so many microseconds later.
    Message(u16, u8, Payload),
    Noise(u16, Noise),
    /// Anything, such as half a message: what follows it may be lost.
    Raw(u16, Vec<u8>),
    /// At a byte that comes so many bytes later.
    Disturb(u8, Disturbance),
    Happen(u16, Happening),
    Poll(u8),
}

#[derive(Arbitrary, Debug)]
enum Disturbance {
    Drop { to_host: bool },
    Corrupt { to_host: bool, mask: u8 },
    Restart { to_host: bool },
    Insert(u8, u8),
    ReadError,
    WriteError,
    Hold(u8),
}

#[derive(Arbitrary, Debug)]
enum Happening {
    Restart,
    LoseWifi,
    RestoreWifi,
    CutMqtt,
    LoseBroker,
    RestoreBroker,
}

impl<'a> Arbitrary<'a> for Step {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(match u.int_in_range(0..=9)? {
            0..=3 => Self::Call(u.arbitrary()?),
            4 | 5 => Self::Message(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?),
            6 => Self::Noise(u.arbitrary()?, u.arbitrary()?),
            7 => match u.arbitrary()? {
                true => Self::Raw(u.arbitrary()?, short(u, 60)?),
                false => Self::Disturb(u.arbitrary()?, u.arbitrary()?),
            },
            8 => Self::Happen(u.arbitrary()?, u.arbitrary()?),
            _ => Self::Poll(u.arbitrary()?),
        })
    }
}

impl Step {
    /// Whether a frame may be cut or damaged.
    const fn breaks_frames(&self) -> bool {
        matches!(
            self,
            Self::Raw(..) | Self::Disturb(..) | Self::Happen(_, Happening::Restart)
        )
    }
}

/// # Panics
/// If something does not hold.
pub fn run(data: &[u8]) {
    let mut data = Unstructured::new(data);
    let Ok(input) = Input::arbitrary(&mut data) else {
        return;
    };
    let steps: Vec<Step> = wire::until_the_end(&mut data, STEPS);
    let mut rx = vec![0; rx_len(input.rx)];
    let (mut tx, mut datagrams) = ([0; 256], [0; 512]);
    let buffers = Buffers::new(&mut rx, &mut tx).datagrams(&mut datagrams);
    let bench = Bench::new(input.spoken.settings());
    if !input.is_joined {
        bench.at(Duration::ZERO, Action::LoseWifi);
        bench.schedule_after(micros(2_000), Action::RestoreWifi);
    }
    let mut session = Session {
        driver: Esp8266Mqtt::new(bench.uart(), bench.delay(), buffers),
        bench: bench.clone(),
        account: Account::default(),
        spoken: input.spoken,
        calls: calls::State::new(&bench),
        may_be_busy: false,
        disturbed_until: [0; 2],
    };
    for step in &steps {
        session.step(step);
    }
    session.settle();
    if !steps.iter().any(Step::breaks_frames) {
        let dropped = session.driver.counters().messages_dropped;
        session.account.check(dropped, &bench);
    }
    session.goes_on();
}

struct Session<'b> {
    driver: Driver<'b>,
    bench: Bench,
    account: Account,
    spoken: Spoken,
    calls: calls::State,
    may_be_busy: bool,
    /// Where the bytes to and from the host are good again.
    disturbed_until: [u64; 2],
}

impl Session<'_> {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Call(call) => self.call(call),
            Step::Message(after, topic, payload) => {
                self.account
                    .send(&self.bench, self.spoken, *after, *topic, &payload.0);
            }
            Step::Noise(after, Noise(bytes)) | Step::Raw(after, bytes) => {
                self.may_be_busy |= bytes.windows(4).any(|part| part == b"busy");
                self.inject(*after, bytes);
            }
            Step::Disturb(after, disturbance) => self.disturb(u64::from(*after), disturbance),
            Step::Happen(after, happening) => {
                let action = match happening {
                    Happening::Restart => Action::RestartModule,
                    Happening::LoseWifi => Action::LoseWifi,
                    Happening::RestoreWifi => Action::RestoreWifi,
                    Happening::CutMqtt => Action::CutMqtt,
                    Happening::LoseBroker => Action::LoseBroker,
                    Happening::RestoreBroker => Action::RestoreBroker,
                };
                self.bench.schedule_after(micros(*after), action);
            }
            Step::Poll(count) => {
                for _ in 0..*count {
                    self.poll();
                    self.bench.advance(micros(43));
                }
            }
        }
    }

    fn call(&mut self, call: &Call) {
        let begin = self.bench.now();
        self.calls.make(&mut self.driver, call, &mut self.account);
        let took = self.bench.now() - begin;
        let attempts = if self.may_be_busy { BUSY_ATTEMPTS } else { 1 };
        let limit = Duration::from_secs(call.limit_s()) * attempts;
        assert!(
            took <= limit,
            "{call:?} took {took:?}{}",
            shown(&self.bench)
        );
    }

    fn has_disturbance_ahead(&self) -> bool {
        let [received, sent] = self.positions();
        received <= self.disturbed_until[0] || sent <= self.disturbed_until[1]
    }

    fn inject(&self, after: u16, bytes: &[u8]) {
        let action = Action::Inject(bytes.to_vec());
        self.bench.schedule_after(micros(after), action);
    }

    fn disturb(&mut self, after: u64, disturbance: &Disturbance) {
        let direction = |to_host| match to_host {
            true => Direction::ToHost,
            false => Direction::ToModule,
        };
        let [received, sent] = self.positions();
        let index_of = |to_host| after + if to_host { received } else { sent };
        let fault = match *disturbance {
            Disturbance::Drop { to_host } => Fault::DropByte {
                direction: direction(to_host),
                index: index_of(to_host),
            },
            Disturbance::Corrupt { to_host, mask } => Fault::CorruptByte {
                direction: direction(to_host),
                index: index_of(to_host),
                mask,
            },
            Disturbance::Restart { to_host } => Fault::RestartAtByte {
                direction: direction(to_host),
                index: index_of(to_host),
            },
            Disturbance::Insert(a, b) => Fault::InsertBytes {
                index: index_of(true),
                bytes: vec![a, b],
            },
            Disturbance::ReadError => Fault::ReadError {
                index: index_of(true),
            },
            Disturbance::WriteError => Fault::WriteError {
                index: index_of(false),
            },
            Disturbance::Hold(ms) => Fault::HoldBytes {
                index: index_of(true),
                time: Duration::from_millis(ms.into()),
            },
        };
        let [until_received, until_sent] = self.disturbed_until;
        self.disturbed_until = [
            until_received.max(received + after),
            until_sent.max(sent + after),
        ];
        self.bench.fault(fault);
    }

    fn positions(&self) -> [u64; 2] {
        [self.bench.received(), self.bench.sent()].map(|bytes| bytes.len() as u64)
    }

    /// Everything that has arrived.
    fn poll(&mut self) {
        loop {
            match self.driver.poll() {
                Ok(Event::Message(message)) => self.account.note(message.payload()),
                Ok(_) => {}
                Err(nb::Error::WouldBlock) => return,
                Err(nb::Error::Other(error)) => {
                    assert!(matches!(error, Error::Uart(_)), "{error:?}");
                }
            }
        }
    }

    /// Until the wire is silent.
    fn settle(&mut self) {
        let mut heard = 0;
        // A module that restarts is silent for 300 ms.
        for _ in 0..10 {
            self.poll();
            self.bench.advance(Duration::from_millis(40));
        }
        while self.positions()[0] != heard {
            heard = self.positions()[0];
            self.poll();
            self.bench.advance(Duration::from_millis(40));
        }
        self.poll();
    }

    /// When nothing more goes wrong, the driver is in step after `init`.
    fn goes_on(&mut self) {
        while self.has_disturbance_ahead() {
            self.driver.init().ok();
            self.settle();
        }
        if let Err(error) = self.driver.init() {
            panic!("init: {error:?}{}", shown(&self.bench));
        }
        if let Err(error) = self.driver.wifi_status() {
            panic!("wifi_status: {error:?}{}", shown(&self.bench));
        }
        self.settle();
        self.account.received.clear();
        self.account
            .send(&self.bench, self.spoken, 0, 0, b"still there");
        self.settle();
        let received = &self.account.received;
        assert!(
            *received == [self.account.sent],
            "{received:?}{}",
            shown(&self.bench)
        );
    }
}

const fn rx_len(size: Size) -> usize {
    match size {
        Size::Tiny => 80,
        Size::Small => 200,
        Size::Usual => 512,
        Size::Large => 2_048,
    }
}

fn micros(us: u16) -> Duration {
    Duration::from_micros(us.into())
}
