//! Commands typed by hand.

use crate::{
    arguments::Arguments,
    editor::{self, LineEditor},
    failure::Failure,
    history::History,
    module::Module,
    payload::{self, Data},
    play,
    port::{PASSWORD, Port, SSID},
    script,
    terminal::Screen,
};
use rustyline::error::ReadlineError;
use std::{
    io::{IsTerminal, stdin, stdout},
    path::Path,
    time::Duration,
};

/// An answer that comes so soon appears before the next prompt, a later one above it.
const MOMENT: Duration = Duration::from_millis(300);

const HELP: &str = "\
AT…         a command, sent with CR LF; Tab completes it, the right arrow takes a hint
play FILE   the commands of a file
help        this
Ctrl-C      gives up the line, Ctrl-D ends";

pub fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let is_terminal = stdin().is_terminal() && stdout().is_terminal();
    let mut editor = editor::new()?;
    let history = History::load(arguments, is_terminal, &mut editor);
    let screen = Screen::new(&mut editor);
    let port = arguments.port();
    if is_terminal {
        if let Port::Emulated(..) = port {
            println!(
                "Emulated module. In range: access point \"{SSID}\", password \"{PASSWORD}\"."
            );
        }
        println!("help tells what can be typed, Ctrl-D ends.");
    }
    let mut session = Session {
        module: Module::open(port, screen.listener())?,
        editor,
        history,
        screen,
        is_terminal,
    };
    let result = session.run(arguments);
    let Session { module, screen, .. } = session;
    drop(module);
    screen.finish();
    result
}

struct Session {
    module: Module,
    editor: LineEditor,
    history: History,
    screen: Screen,
    is_terminal: bool,
}

impl Session {
    fn run(&mut self, arguments: &Arguments) -> Result<bool, Failure> {
        let mut is_interrupted = false;
        loop {
            let waits_for = self.module.waits_for()?;
            if let Some(helper) = self.editor.helper_mut() {
                helper.is_active = waits_for.is_none();
            }
            let prompt = match waits_for {
                None => "AT> ".to_owned(),
                Some(Data::Counted(1)) => "1 byte> ".to_owned(),
                Some(Data::Counted(count)) => format!("{count} bytes> "),
                Some(Data::Passthrough) => "+++ ends> ".to_owned(),
            };
            let typed = self.editor.readline(&prompt);
            // The prompt may have come while the line was being typed.
            let waits_for = self.module.waits_for()?;
            let was_interrupted = std::mem::take(&mut is_interrupted);
            match (typed, waits_for) {
                (Ok(lines), None) if lines.contains('\n') => self.paste(&lines, arguments)?,
                (Ok(line), None) => self.enter(&line, arguments, self.is_terminal)?,
                (Ok(line), Some(Data::Counted(count))) => self.data(&line, count)?,
                (Ok(line), Some(Data::Passthrough)) => self.module.pass(&line)?,
                (Err(ReadlineError::Interrupted), Some(Data::Counted(count))) => {
                    is_interrupted = !was_interrupted;
                    if is_interrupted {
                        println!(
                            "(the module waits for {count} bytes and cannot be stopped: type them, or Ctrl-C again \
                             sends spaces)"
                        );
                    } else {
                        self.send(vec![b' '; count])?;
                    }
                }
                (Err(ReadlineError::Interrupted), _) => {}
                (Err(ReadlineError::Eof), waits_for) => {
                    if let Some(Data::Counted(count)) = waits_for {
                        println!("(the module still waits for {count} bytes)");
                    }
                    return Ok(true);
                }
                (Err(error), _) => return Err(editor::unusable(&error)),
            }
        }
    }

    /// Several lines at once: each is sent when the one before has been answered.
    fn paste(&mut self, lines: &str, arguments: &Arguments) -> Result<(), Failure> {
        for line in lines.lines() {
            match self.module.waits_for()? {
                Some(Data::Counted(count)) => self.data(line, count)?,
                Some(Data::Passthrough) => self.module.pass(line)?,
                None => self.enter(line, arguments, false)?,
            }
        }
        Ok(())
    }

    /// What was typed instead of data. `is_brief` if nobody waits long for the answer.
    fn enter(&mut self, line: &str, arguments: &Arguments, is_brief: bool) -> Result<(), Failure> {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.history.add(trimmed, &mut self.editor) {
            println!("(cannot keep the history: {error})");
        }
        if let Some(file) = trimmed.strip_prefix("play ") {
            return self.play(Path::new(file.trim()), arguments);
        }
        if trimmed == "help" {
            println!("{HELP}");
            return Ok(());
        }
        if is_brief && payload::announced(line).is_none() {
            self.module.start(line)?;
            self.module.wait(Some(MOMENT))?;
        } else {
            self.module.command(line)?;
        }
        Ok(())
    }

    fn play(&mut self, file: &Path, arguments: &Arguments) -> Result<(), Failure> {
        match script::read(file, &arguments.values()) {
            Ok(steps) => {
                self.screen.set_silent(true);
                let result = play::run(&mut self.module, &steps, false);
                self.screen.set_silent(false);
                result.map(drop)
            }
            Err(mistake) => {
                println!("({mistake})");
                Ok(())
            }
        }
    }

    /// Data is sent when the module has room for all of it; what is short is asked for again.
    fn data(&mut self, line: &str, count: usize) -> Result<(), Failure> {
        match payload::parse(line) {
            Ok(bytes) if bytes.len() > count => {
                let len = bytes.len();
                println!("({len} bytes, the module takes {count}: type it again)");
                Ok(())
            }
            Ok(bytes) => self.send(bytes),
            Err(mistake) => {
                println!("({mistake})");
                Ok(())
            }
        }
    }

    fn send(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        let is_all = self.module.data(bytes)?;
        if is_all {
            let limit = self.is_terminal.then_some(MOMENT);
            self.module.wait(limit)?;
        }
        Ok(())
    }
}
