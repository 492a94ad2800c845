//! The one place that writes to the terminal: answers on stdout, everything about them on stderr.

use crate::exit::Stop;
use crate::render::style::Style;
use serde::Serialize;
use std::cell::RefCell;
use std::io::{self, Write};

/// Whether somebody still reads the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Somebody does.
    There,
    /// Nobody does: `| head` has seen enough.
    Gone,
}

/// Where a command's words go. A reader that is gone (`| head`) is no trouble: what follows is dropped, and the
/// command still does what it was asked for.
pub(crate) struct Output {
    json: bool,
    terminal: bool,
    style: Style,
    out: RefCell<Box<dyn Write>>,
    err: RefCell<Box<dyn Write>>,
}

impl Output {
    /// The process's own stdout and stderr.
    pub(crate) fn of_process(json: bool, terminal: bool, colors: bool) -> Self {
        let out = io::BufWriter::new(io::stdout());
        Self {
            terminal,
            ..Self::new(json, terminal && colors, Box::new(out), Box::new(io::stderr()))
        }
    }

    /// Any two writers.
    pub(crate) fn new(json: bool, colored: bool, out: Box<dyn Write>, err: Box<dyn Write>) -> Self {
        Self {
            json,
            terminal: false,
            style: Style { colored },
            out: RefCell::new(out),
            err: RefCell::new(err),
        }
    }

    /// How text is decorated.
    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// The command's answer: as it is for programs, as the text for people.
    pub(crate) fn answer<T: Serialize>(
        &self,
        value: &T,
        text: impl FnOnce(Style) -> Result<String, Stop>,
    ) -> Result<(), Stop> {
        let text = if self.json {
            pretty(value)?
        } else {
            text(self.style)?
        };
        write(&self.out, &text)
    }

    /// One of many answers, as a line of JSON. It reaches the reader with the next answer, or by [`Output::flush`].
    pub(crate) fn line<T: Serialize>(&self, value: &T) -> Result<Reader, Stop> {
        let mut line = serde_json::to_vec(value).map_err(|error| unwritable(&error))?;
        line.push(b'\n');
        heard(self.out.borrow_mut().write_all(&line))
    }

    /// Sends what was kept back.
    pub(crate) fn flush(&self) -> Result<(), Stop> {
        heard(self.out.borrow_mut().flush()).map(|_| ())
    }

    /// An answer that is a text, whoever reads it.
    pub(crate) fn text(&self, text: &str) -> Result<(), Stop> {
        write(&self.out, text)
    }

    /// A text that is to be kept as it is. On a terminal, nothing in it steers the terminal.
    pub(crate) fn file(&self, text: &str) -> Result<(), Stop> {
        if self.terminal {
            write(&self.out, &crate::render::plain::lines(text))
        } else {
            write(&self.out, text)
        }
    }

    /// Whether programs read the answer.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Something that people read before the answer comes. Programs read one answer and nothing else, so theirs
    /// goes to stderr.
    pub(crate) fn show(&self, text: &str) -> Result<(), Stop> {
        write(if self.json { &self.err } else { &self.out }, text)
    }

    /// A remark beside the answer, on stderr; not for programs.
    pub(crate) fn note(&self, text: &str) -> Result<(), Stop> {
        if self.json { Ok(()) } else { write(&self.err, text) }
    }

    /// Why it was not done, on stderr: text, or the API's own form of errors for programs.
    pub(crate) fn trouble(&self, stop: &Stop) {
        let message = stop.to_string();
        let text = if self.json {
            serde_json::json!({ "code": stop.code(), "message": message }).to_string()
        } else {
            crate::render::plain::lines(&message)
        };
        // With stderr gone there is nobody left to tell; the exit code still says it.
        let _ = write(&self.err, &text);
    }
}

fn pretty<T: Serialize>(value: &T) -> Result<String, Stop> {
    serde_json::to_string_pretty(value).map_err(|error| unwritable(&error))
}

fn unwritable(error: &serde_json::Error) -> Stop {
    Stop::Fault(format!(
        "The answer can't be written as JSON: {error}. Please report this."
    ))
}

fn write(to: &RefCell<Box<dyn Write>>, text: &str) -> Result<(), Stop> {
    let mut to = to.borrow_mut();
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let written = to
        .write_all(text.as_bytes())
        .and_then(|()| to.write_all(end.as_bytes()))
        .and_then(|()| to.flush());
    heard(written).map(|_| ())
}

fn heard(written: io::Result<()>) -> Result<Reader, Stop> {
    match written {
        Ok(()) => Ok(Reader::There),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(Stop::Fault(format!(
            "Writing the answer failed: {error}. What was asked for may have been done: look before you ask again."
        ))),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::rc::Rc;

    /// A writer whose text can be read later.
    #[derive(Clone, Default)]
    pub(crate) struct Page(Rc<RefCell<Vec<u8>>>);

    impl Page {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.borrow().clone()).unwrap()
        }
    }

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// An output with both its pages.
    pub(crate) fn recorded(json: bool) -> (Output, Page, Page) {
        let (out, err) = (Page::default(), Page::default());
        let output = Output::new(json, false, Box::new(out.clone()), Box::new(err.clone()));
        (output, out, err)
    }

    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_is_gone_is_no_trouble_and_a_full_disk_is() {
        let gone = Output::new(
            false,
            false,
            Box::new(Failing(io::ErrorKind::BrokenPipe)),
            Box::new(io::sink()),
        );
        assert_eq!(gone.show("text"), Ok(()));
        let full = Output::new(
            false,
            false,
            Box::new(Failing(io::ErrorKind::StorageFull)),
            Box::new(io::sink()),
        );
        assert_eq!(full.show("text").unwrap_err().exit_code(), 2);
    }

    #[test]
    fn programs_get_one_document_and_errors_in_the_form_of_the_api() {
        let (output, out, err) = recorded(true);
        output.show("preview").unwrap();
        output.note("remark").unwrap();
        output.answer(&1, |_| Ok("one".into())).unwrap();
        output.trouble(&Stop::refused("stale-digest", "It changed."));
        assert_eq!(out.text(), "1\n");
        assert_eq!(
            err.text(),
            "preview\n{\"code\":\"stale-digest\",\"message\":\"It changed.\"}\n"
        );
    }

    #[test]
    fn a_text_to_keep_is_changed_for_terminals_only() {
        for (terminal, expected) in [(false, "-- \u{1b}[2J\r\n"), (true, "-- \\u{1b}[2J\n")] {
            let (output, out, _) = recorded(false);
            let output = Output { terminal, ..output };
            output.file("-- \u{1b}[2J\r\n").unwrap();
            assert_eq!(out.text(), expected);
        }
    }

    #[test]
    fn answers_in_lines_are_kept_back_no_longer_than_to_the_end() {
        let (output, out, _) = recorded(false);
        assert_eq!(output.line(&1), Ok(Reader::There));
        assert_eq!(output.line(&"a\nb"), Ok(Reader::There));
        output.flush().unwrap();
        assert_eq!(out.text(), "1\n\"a\\nb\"\n");
        let gone = Output::new(
            false,
            false,
            Box::new(Failing(io::ErrorKind::BrokenPipe)),
            Box::new(io::sink()),
        );
        assert_eq!(gone.line(&1), Ok(Reader::Gone));
    }

    #[test]
    fn people_get_text() {
        let (output, out, err) = recorded(false);
        output.answer(&1, |_| Ok("one".into())).unwrap();
        output.trouble(&Stop::Fault("broken \u{1b}[31m".into()));
        assert_eq!(out.text(), "one\n");
        assert_eq!(err.text(), "broken \\u{1b}[31m\n");
    }
}
