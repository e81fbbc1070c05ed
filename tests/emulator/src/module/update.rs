//! Firmware update over the network.

use super::{Job, Module};

impl Module {
    /// `AT+CIUPDATE`: finds the server, connects, learns the version, loads it.
    pub(crate) fn update_firmware(&mut self) {
        self.update_step(1);
    }

    pub(super) fn update_step(&mut self, step: u8) {
        const STEPS: u8 = 4;
        if step <= STEPS {
            self.print_line(&format!("+CIPUPDATE:{step}"));
            let at = self.now + self.settings.latency.update_step;
            self.keep_busy(Job::Update(step + 1, at));
            self.job_due();
        } else {
            self.print(b"\r\nOK\r\n");
            self.restart_after_output();
        }
    }
}
