//! What the script says, done to the module, the line, the broker and the application.

use std::thread::sleep;
use std::time::Duration;

use embedded_io::ReadReady;
use esp8266_mqtt_emulator::{Action, Direction, Fault};

use crate::application::{Application, Failure};
use crate::chaos::Act;

/// The longest time without reading while publishing.
const DEAF: Duration = Duration::from_millis(300);

impl Application<'_> {
    pub fn restart_broker(&mut self) -> Result<(), Failure> {
        let now = self.now();
        if self.state.broker_back.is_some_and(|at| at <= now) {
            self.state.broker_back = None;
            self.note("broker starts".into());
            self.broker.restart().map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Does what the script says, one thing after the other.
    pub fn disturb(&mut self) -> Result<(), Failure> {
        let progress = self.state.sent_down + self.state.sent_up;
        let is_calm = self.keeper.is_ready() && self.state.listening && !self.state.broker_died;
        let due = self
            .state
            .planned
            .take_if(|(at, _)| *at <= progress && is_calm);
        let Some((_, act)) = due else {
            return Ok(());
        };
        self.state.planned = self.script.next();
        self.state.acts += 1;
        self.note(format!("script: {act:?}"));
        let soon = Duration::ZERO;
        match act {
            Act::RestartModule => self.line.port().schedule_after(soon, Action::RestartModule),
            Act::LoseWifi(time) => {
                let mut port = self.line.port();
                port.schedule_after(soon, Action::LoseWifi);
                port.schedule_after(time, Action::RestoreWifi);
            }
            Act::KillBroker(time) => {
                let now = self.now();
                self.state.killed = Some(now);
                self.state.broker_back = Some(now + time);
                self.state.broker_died = true;
                self.broker.kill();
            }
            Act::Noise(bytes) => self.line.port().schedule_after(soon, Action::Inject(bytes)),
            Act::DamageToHost(after, mask) => self.damage(Direction::ToHost, after, Some(mask)),
            Act::DamageToModule(after, mask) => self.damage(Direction::ToModule, after, Some(mask)),
            Act::LoseToHost(after) => self.damage(Direction::ToHost, after, None),
            Act::LoseToModule(after) => self.damage(Direction::ToModule, after, None),
            Act::Deaf(publishes) => {
                self.state.burst = true;
                let (begin, end) = (self.state.sent_up, self.now() + DEAF);
                while self.state.sent_up < begin + publishes && self.now() < end {
                    self.hear_far()?;
                    self.feed();
                    self.publish_next()?;
                }
                self.state.burst = false;
            }
            Act::Asleep(time) => {
                self.state.burst = true;
                self.feed();
                self.state.burst = false;
                let end = self.now() + time;
                while self.now() < end {
                    // The module goes on only when somebody looks at the line.
                    let _ = self.line.read_ready();
                    sleep(Duration::from_millis(1));
                }
            }
        }
        Ok(())
    }

    fn damage(&mut self, direction: Direction, after: u64, mask: Option<u8>) {
        let mut port = self.line.port();
        let index = port.passed(direction) + after;
        port.fault(match mask {
            Some(mask) => Fault::CorruptByte {
                direction,
                index,
                mask,
            },
            None => Fault::DropByte { direction, index },
        });
    }
}
