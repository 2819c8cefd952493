//! The lexical level of the decoder: strings, numbers, and values that are skipped.
//!
//! Skipping a value checks it as strictly as reading it does.

use std::borrow::Cow;

use super::{Decoded, Decoder};
use crate::plain::plain_length;

/// What half of a surrogate pair becomes: one character for each of its bytes, as in `String::from_utf8_lossy`.
const LONE_SURROGATE: &str = "\u{fffd}\u{fffd}\u{fffd}";

impl<'a> Decoder<'a> {
    /// Reads any value, however deep, and drops it.
    pub(crate) fn skip(&mut self) -> Decoded {
        let mut open = Vec::new();
        loop {
            match self.peek() {
                Some(mark @ (b'{' | b'[')) => {
                    self.at += 1;
                    // The closing mark is two behind the opening one.
                    if !self.take(mark + 2) {
                        open.push(mark + 2);
                        if mark == b'{' {
                            self.skip_key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.skip_string()?,
                _ => drop(self.scalar()?),
            }
            loop {
                let Some(&close) = open.last() else {
                    return Ok(());
                };
                if self.take(close) {
                    open.pop();
                    continue;
                }
                self.expect(b',')?;
                if close == b'}' {
                    self.skip_key()?;
                }
                break;
            }
        }
    }

    /// Reads any value and returns its text.
    pub(crate) fn raw(&mut self) -> Decoded<&'a str> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    fn skip_key(&mut self) -> Decoded {
        if self.peek() != Some(b'"') {
            return Err(self.malformed());
        }
        self.skip_string()?;
        self.expect(b':')
    }

    fn skip_string(&mut self) -> Decoded {
        self.at += 1;
        let mut unused = String::new();
        while self.plain()?.1 == b'\\' {
            unused.clear();
            self.escape(&mut unused)?;
        }
        Ok(())
    }

    /// Reads a string, borrowed unless it has escapes.
    pub(super) fn string(&mut self) -> Decoded<Cow<'a, str>> {
        self.at += 1;
        let (plain, end) = self.plain()?;
        if end == b'"' {
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        loop {
            self.escape(&mut text)?;
            let (plain, end) = self.plain()?;
            text.push_str(plain);
            if end == b'"' {
                return Ok(Cow::Owned(text));
            }
        }
    }

    /// Reads what stands before a quote or a backslash, and that mark, which is returned.
    fn plain(&mut self) -> Decoded<(&'a str, u8)> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = plain_length(rest);
        let plain = &self.text[self.at..self.at + length];
        self.at += length;
        match self.byte() {
            Some(mark @ (b'"' | b'\\')) => {
                self.at += 1;
                Ok((plain, mark))
            }
            _ => Err(self.malformed()),
        }
    }

    /// Reads the rest of an escape sequence.
    fn escape(&mut self, text: &mut String) -> Decoded {
        let plain = match self.byte() {
            Some(mark @ (b'"' | b'\\' | b'/')) => char::from(mark),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(text),
            _ => return Err(self.malformed()),
        };
        self.at += 1;
        text.push(plain);
        Ok(())
    }

    /// Reads the four digits of `\u`, and the second half of a surrogate pair.
    fn unicode(&mut self, text: &mut String) -> Decoded {
        self.at += 1;
        let unit = self.digits()?;
        let mut units = [unit, 0];
        let mut length = 1;
        if (0xd800..0xdc00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
            let first = self.at;
            self.at += 2;
            units[1] = self.digits()?;
            if (0xdc00..0xe000).contains(&units[1]) {
                length = 2;
            } else {
                self.at = first;
            }
        }
        for unit in char::decode_utf16(units[..length].iter().copied()) {
            match unit {
                Ok(character) => text.push(character),
                Err(_) => text.push_str(LONE_SURROGATE),
            }
        }
        Ok(())
    }

    fn digits(&mut self) -> Decoded<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.and_then(|digit| u16::try_from(digit).ok());
            unit = unit << 4 | digit.ok_or_else(|| self.malformed())?;
            self.at += 1;
        }
        Ok(unit)
    }

    /// Reads the text of a number.
    pub(super) fn number(&mut self) -> Decoded<&'a str> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.run_of_digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.run_of_digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.run_of_digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    /// Reads one digit or more.
    fn run_of_digits(&mut self) -> Decoded {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|byte| !byte.is_ascii_digit());
        let length = length.unwrap_or(rest.len());
        self.at += length;
        if length == 0 {
            return Err(self.malformed());
        }
        Ok(())
    }
}
