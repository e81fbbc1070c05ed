//! Shows what the module says while a line is being typed.

use crate::{
    editor::LineEditor,
    frames::{Frame, readable},
    meaning,
    port::Heard,
};
use rustyline::ExternalPrinter;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, channel},
    },
    thread::{JoinHandle, spawn},
};

/// A thread that prints above the line that is being typed. The port's thread does not print by itself: the editor takes
/// text only while it reads a line, and until then whoever prints has to wait.
pub struct Screen {
    to: Sender<String>,
    thread: JoinHandle<()>,
    is_silent: Arc<AtomicBool>,
}

impl Screen {
    pub fn new(editor: &mut LineEditor) -> Self {
        let (to, texts) = channel::<String>();
        let is_silent = Arc::default();
        let thread = match editor.create_external_printer() {
            Ok(mut printer) => spawn(move || {
                for text in texts {
                    printer.print(text + "\n").ok();
                }
            }),
            // Not a terminal.
            Err(_) => spawn(move || {
                for text in texts {
                    println!("{text}");
                }
            }),
        };
        Self {
            to,
            thread,
            is_silent,
        }
    }

    pub fn listener(&self) -> impl FnMut(&Heard) + Send + 'static {
        let (to, is_silent) = (self.to.clone(), Arc::clone(&self.is_silent));
        move |heard| {
            if !is_silent.load(Ordering::Relaxed) {
                to.send(shown(heard)).ok();
            }
        }
    }

    /// While a file is played its report says everything.
    pub fn set_silent(&self, is_silent: bool) {
        self.is_silent.store(is_silent, Ordering::Relaxed);
    }

    /// Waits until everything is printed. All listeners have to be gone.
    pub fn finish(self) {
        drop(self.to);
        self.thread.join().ok();
    }
}

fn shown(heard: &Heard) -> String {
    let (bytes, meaning) = match heard {
        Heard::Frame(Frame::Line(line)) => (line, meaning::of_line(line)),
        Heard::Frame(Frame::Message(frame)) => (frame, meaning::of_message(frame)),
        Heard::Frame(Frame::Prompt) => return ">".into(),
        Heard::Silence(limit) => return format!("(no answer in {} s)", limit.as_secs()),
        Heard::Gone(why) => return format!("({why}: Enter ends)"),
    };
    let text = readable(bytes);
    match meaning {
        Some(meaning) => format!("{text}   ({meaning})"),
        None => text,
    }
}
