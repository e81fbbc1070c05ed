//! The driver on the mocks of `embedded-hal-mock`.

use embedded_hal_mock::eh1::delay::NoopDelay;
use embedded_hal_mock::eh1::serial::{Mock, Transaction};
use esp8266_mqtt::{Dialect, Esp8266Mqtt, NbSerial};

use super::buffers;

pub type Mocked = Esp8266Mqtt<'static, NbSerial<Mock<u8>>, NoopDelay>;

/// The transactions of a session: what the driver writes and what it reads.
#[derive(Default)]
pub struct Session(Vec<Transaction<u8>>);

impl Session {
    pub fn new() -> Self {
        Self::default()
    }

    /// The driver looks at the receiver and finds nothing.
    pub fn nothing(mut self) -> Self {
        self.0.push(Transaction::read_error(nb::Error::WouldBlock));
        self
    }

    /// The driver looks so often at the receiver and finds nothing.
    pub fn silence(self, looks: usize) -> Self {
        (0..looks).fold(self, |session, _| session.nothing())
    }

    /// The driver writes `bytes` and looks at the receiver after each of them.
    pub fn write(self, bytes: impl AsRef<[u8]>) -> Self {
        bytes.as_ref().iter().fold(self, |mut session, &byte| {
            session.0.push(Transaction::write(byte));
            session.nothing()
        })
    }

    /// The driver reads `bytes` and finds nothing behind them.
    pub fn read(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.push(Transaction::read_many(bytes));
        self.nothing()
    }

    /// A command line and the answer to it.
    pub fn command(self, command: &str, answer: impl AsRef<[u8]>) -> Self {
        self.write(command).write("\r\n").read(answer)
    }

    /// A command line that is answered with `OK`.
    pub fn ok(self, command: &str) -> Self {
        self.command(command, "\r\nOK\r\n")
    }

    /// Any other transaction.
    pub fn then(mut self, transaction: Transaction<u8>) -> Self {
        self.0.push(transaction);
        self
    }

    pub fn mock(&self) -> Mock<u8> {
        Mock::new(&self.0)
    }

    /// Runs `test` with a driver whose dialect is fixed; all transactions must have taken place at its end.
    pub fn run<T>(&self, dialect: Dialect, test: impl FnOnce(&mut Mocked) -> T) -> T {
        let mut mock = self.mock();
        let uart = NbSerial::new(mock.clone());
        let mut module =
            Esp8266Mqtt::new(uart, NoopDelay::new(), buffers(512, 256)).with_dialect(dialect);
        let result = test(&mut module);
        mock.done();
        result
    }
}
