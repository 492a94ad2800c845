//! The one place that writes to the terminal: answers on stdout, everything about them on stderr.

use crate::exit::Stop;
use crate::render::style::Style;
use serde::Serialize;
use std::cell::RefCell;
use std::io::{self, Write};

/// Where a command's words go. A reader that is gone (`| head`) is no trouble: what follows is dropped, and the
/// command still does what it was asked for.
pub(crate) struct Output {
    json: bool,
    style: Style,
    out: RefCell<Box<dyn Write>>,
    err: RefCell<Box<dyn Write>>,
}

impl Output {
    /// The process's own stdout and stderr.
    pub(crate) fn of_process(json: bool, colored: bool) -> Self {
        Self::new(json, colored, Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// Any two writers.
    pub(crate) fn new(json: bool, colored: bool, out: Box<dyn Write>, err: Box<dyn Write>) -> Self {
        Self {
            json,
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
    serde_json::to_string_pretty(value).map_err(|error| {
        Stop::Fault(format!(
            "The answer can't be written as JSON: {error}. Please report this."
        ))
    })
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
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Stop::Fault(format!(
            "Writing the answer failed: {error}. What was asked for may have been done; look with `sluice issue show`."
        ))),
        Ok(()) => Ok(()),
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
    fn people_get_text() {
        let (output, out, err) = recorded(false);
        output.answer(&1, |_| Ok("one".into())).unwrap();
        output.trouble(&Stop::Fault("broken \u{1b}[31m".into()));
        assert_eq!(out.text(), "one\n");
        assert_eq!(err.text(), "broken \\u{1b}[31m\n");
    }
}
