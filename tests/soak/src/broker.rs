//! Mosquitto, which can be killed and started again on its port.

use std::env;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub struct Mosquitto {
    program: PathBuf,
    config: PathBuf,
    pub port: u16,
    process: Option<Child>,
}

impl Mosquitto {
    /// In `PATH` or where Debian keeps daemons.
    pub fn find() -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path)
            .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
            .map(|folder| folder.join("mosquitto"))
            .find(|file| file.is_file())
    }

    pub fn start(program: PathBuf) -> io::Result<Self> {
        let port = free_port()?;
        let config = env::temp_dir().join(format!("soak-{}-{port}.conf", std::process::id()));
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_type error\n"
        );
        fs::write(&config, text)?;
        let mut broker = Self {
            program,
            config,
            port,
            process: None,
        };
        broker.restart()?;
        let end = Instant::now() + Duration::from_secs(10);
        while let Err(error) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
            if Instant::now() > end {
                return Err(error);
            }
            sleep(Duration::from_millis(10));
        }
        Ok(broker)
    }

    /// As by SIGKILL: it says goodbye to nobody and saves nothing.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    pub fn restart(&mut self) -> io::Result<()> {
        self.kill();
        self.process = Command::new(&self.program)
            .arg("-c")
            .arg(&self.config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Some)?;
        Ok(())
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_file(&self.config);
    }
}

/// Below the ports that the system gives to outgoing connections: one of those could take it while the broker is dead.
fn free_port() -> io::Result<u16> {
    let first = 20_000 + (std::process::id() % 10_000) as u16;
    (first..first + 100)
        .find(|&port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
        .ok_or_else(|| io::ErrorKind::AddrInUse.into())
}
