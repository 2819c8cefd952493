//! A pull parser for JSON (RFC 8259) in one piece of text.
//!
//! Nothing here is generic, so that it is compiled once.

use std::{borrow::Cow, fmt};

use super::error::{DecodeError, Decoded};
use super::order::Orders;
use super::scalar::Scalar;
use crate::texts::Layout;

/// How deep lists and objects may be nested in what is read, as in `serde_json`. What is skipped has no such limit.
const MAX_DEPTH: u8 = 128;
/// How many list elements and map entries a body may have in what is read.
const MAX_ELEMENTS: u32 = 2_000_000;

/// A type that is read from JSON.
pub trait Decode {
    /// The value that [`decode`](Self::decode) reads into.
    fn empty() -> Self
    where
        Self: Sized;

    /// Reads the next value into `self`, which is empty.
    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded;

    /// Makes `self` empty again, unless `decode` replaces it anyway.
    fn reset(&mut self) {}

    /// Whether it is an error that an object lacks this field.
    fn is_required(&self) -> bool {
        true
    }

    /// Reads what stands for the absence of a value, if it comes next.
    fn take_absent(decoder: &mut Decoder<'_>) -> bool
    where
        Self: Sized,
    {
        decoder.take_null()
    }

    /// Reads a whole body.
    fn of_body(body: &[u8]) -> Decoded<Self>
    where
        Self: Sized,
    {
        let mut value = Self::empty();
        decode_into(body, &mut value)?;
        Ok(value)
    }
}

/// Reads a whole body.
pub(super) fn decode_into(body: &[u8], value: &mut dyn Decode) -> Decoded {
    let mut decoder = Decoder::of_body(body)?;
    value.decode(&mut decoder)?;
    decoder.end()
}

/// Reads the value of a key.
type Entry<'f, 'a> = dyn FnMut(&mut Decoder<'a>, &Cow<'a, str>) -> Decoded + 'f;

/// Reads one JSON text from its beginning to its end.
pub struct Decoder<'a> {
    pub(super) text: &'a str,
    /// The byte that is read next.
    pub(super) at: usize,
    /// How many levels may still be entered.
    depth: u8,
    elements: u32,
    /// The names of the properties that were read last.
    pub(crate) last_properties: Option<Layout>,
    /// The order of the fields of the types that were read last.
    pub(super) orders: Orders,
}

impl<'a> Decoder<'a> {
    /// Reads a body, which must be UTF-8.
    pub(crate) fn of_body(body: &'a [u8]) -> Decoded<Self> {
        let text = std::str::from_utf8(body);
        text.map(Self::new)
            .map_err(|error| DecodeError::malformed(body, error.valid_up_to()))
    }

    pub(crate) const fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: MAX_DEPTH,
            elements: MAX_ELEMENTS,
            last_properties: None,
            orders: Orders::new(),
        }
    }

    /// A decoder that reads the same from here on.
    pub(super) const fn ahead(&self) -> Self {
        Self {
            text: self.text,
            at: self.at,
            depth: self.depth,
            elements: self.elements,
            last_properties: None,
            orders: Orders::new(),
        }
    }

    /// Fails if anything but white space is left.
    pub(crate) fn end(&mut self) -> Decoded {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.malformed()),
        }
    }

    /// The first byte of the next token.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            // White space, or malformed.
            Some(..=b' ') => self.peek_behind_white_space(),
            next => next,
        }
    }

    #[inline(never)]
    fn peek_behind_white_space(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let white = rest.iter().position(|byte| !b" \n\r\t".contains(byte));
        self.at += white.unwrap_or(rest.len());
        self.byte()
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads a punctuation mark if it comes next.
    pub(super) fn take(&mut self, mark: u8) -> bool {
        let is_next = self.peek() == Some(mark);
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn expect(&mut self, mark: u8) -> Decoded {
        if self.take(mark) {
            Ok(())
        } else {
            Err(self.malformed())
        }
    }

    /// The error of a text that is not JSON at the byte that is read next.
    #[cold]
    pub(super) fn malformed(&self) -> DecodeError {
        DecodeError::malformed(self.text.as_bytes(), self.at)
    }

    /// The error of a value, which comes next, of another kind than `expected`.
    #[cold]
    pub(crate) fn unexpected(&mut self, expected: &dyn fmt::Display) -> DecodeError {
        match self.scalar() {
            Ok(found) => DecodeError::unexpected(&found, expected),
            Err(error) => error,
        }
    }

    /// Reads `null` if it comes next.
    pub(crate) fn take_null(&mut self) -> bool {
        let is_null = self.peek() == Some(b'n') && self.text[self.at..].starts_with("null");
        self.at += usize::from(is_null) * "null".len();
        is_null
    }

    /// Reads `null` or an empty string if it comes next.
    pub(crate) fn take_blank(&mut self) -> bool {
        if self.peek() == Some(b'"') && self.text[self.at..].starts_with("\"\"") {
            self.at += 2;
            return true;
        }
        self.take_null()
    }

    fn word(&mut self, word: &str) -> Decoded {
        let rest = &self.text.as_bytes()[self.at..];
        let same = rest.iter().zip(word.bytes());
        let same = same.take_while(|(a, b)| **a == *b).count();
        self.at += same;
        if same == word.len() {
            Ok(())
        } else {
            Err(self.malformed())
        }
    }

    /// Reads a value without parts.
    pub(crate) fn scalar(&mut self) -> Decoded<Scalar<'a>> {
        Ok(match self.peek() {
            Some(b'"') => Scalar::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Scalar::Number(self.number()?),
            Some(b'n') => self.word("null").map(|()| Scalar::Null)?,
            Some(b't') => self.word("true").map(|()| Scalar::Flag(true))?,
            Some(b'f') => self.word("false").map(|()| Scalar::Flag(false))?,
            Some(b'[') => Scalar::List,
            Some(b'{') => Scalar::Object,
            _ => return Err(self.malformed()),
        })
    }

    /// Reads a string, a number with all its digits, or a flag as text; `null` is `None`.
    pub fn text(&mut self) -> Decoded<Option<Cow<'a, str>>> {
        if self.peek() == Some(b'"') {
            return self.string().map(Some);
        }
        Ok(Some(match self.scalar()? {
            Scalar::Text(text) => text,
            Scalar::Null => return Ok(None),
            Scalar::Flag(flag) => Cow::Borrowed(if flag { "true" } else { "false" }),
            Scalar::Number(text) => Cow::Borrowed(text),
            found => return Err(DecodeError::unexpected(&found, &"a string")),
        }))
    }

    /// Reads text that is not `null`.
    pub(crate) fn some_text(&mut self) -> Decoded<Cow<'a, str>> {
        let text = self.text()?;
        text.ok_or_else(|| DecodeError::unexpected(&Scalar::Null, &"a string"))
    }

    /// Reads an integer, or the text of one. Its fraction must be zero.
    pub(crate) fn integer(&mut self, expected: &dyn fmt::Display) -> Decoded<i128> {
        let found = self.scalar()?;
        let text = found.number();
        let whole = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
            _ => text,
        };
        let number = whole.parse();
        number.map_err(|_| DecodeError::unexpected(&found, expected))
    }

    /// Reads a finite number, or the text of one.
    pub(crate) fn float(&mut self, expected: &dyn fmt::Display) -> Decoded<f64> {
        let found = self.scalar()?;
        let number = found
            .number()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| DecodeError::unexpected(&found, expected))
    }

    /// Reads a flag, or what stands for one.
    pub(crate) fn flag(&mut self) -> Decoded<bool> {
        let found = self.scalar()?;
        if let Scalar::Flag(flag) = found {
            return Ok(flag);
        }
        match found.number() {
            "1" => Ok(true),
            "0" => Ok(false),
            text if text.eq_ignore_ascii_case("true") => Ok(true),
            text if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(DecodeError::unexpected(&found, &"a boolean")),
        }
    }

    /// Reads a list; `null` is an empty one. `element` reads one element.
    pub(crate) fn list(&mut self, element: &mut dyn FnMut(&mut Self) -> Decoded) -> Decoded {
        if self.take_null() {
            return Ok(());
        }
        self.enter(b'[', &"a list")?;
        let mut index = 0;
        while self.has_next(index == 0, b']')? {
            element(self).map_err(|error| error.at_index(index))?;
            index += 1;
        }
        Ok(())
    }

    /// Reads a map; `null` is an empty one. `entry` reads the value of a key.
    pub(crate) fn map(&mut self, entry: &mut Entry<'_, 'a>) -> Decoded {
        if self.take_null() {
            return Ok(());
        }
        self.members(&"a map", entry)
    }

    /// Reads the members of an object. `member` reads the value of a key; `expected` is what the error says if there is no
    /// object.
    pub(crate) fn members(
        &mut self,
        expected: &dyn fmt::Display,
        member: &mut Entry<'_, 'a>,
    ) -> Decoded {
        self.enter(b'{', expected)?;
        let mut is_first = true;
        while self.has_next(is_first, b'}')? {
            let key = self.key()?;
            member(self, &key).map_err(|error| error.at_key(&key))?;
            is_first = false;
        }
        Ok(())
    }

    /// Reads the fields of an object, whose `slots` are named by `names`, into slots that are empty.
    ///
    /// Unknown keys are skipped, and the last of several values of a key wins.
    pub fn object(
        &mut self,
        names: &'static [&'static str],
        slots: &mut [&mut dyn Decode],
    ) -> Decoded {
        let mut few = [0_u64; 4];
        let mut many = Vec::new();
        let seen = if names.len() <= few.len() * 64 {
            &mut few[..]
        } else {
            many.resize(names.len().div_ceil(64), 0);
            &mut many[..]
        };
        self.known_members(&"an object", names, &mut |decoder, index| {
            let bit = 1 << (index % 64);
            if seen[index / 64] & bit != 0 {
                slots[index].reset();
            }
            seen[index / 64] |= bit;
            slots[index].decode(decoder)
        })?;
        for (index, slot) in slots.iter().enumerate() {
            if seen[index / 64] & (1 << (index % 64)) == 0 && slot.is_required() {
                return Err(DecodeError::missing(names[index]));
            }
        }
        Ok(())
    }

    /// Shows the fields of the object that comes next, and the value of each that is a string, until `see` returns `false`.
    /// Reads nothing. What is malformed ends the fields.
    pub(crate) fn look_ahead(&self, see: &mut dyn FnMut(&str, Option<Cow<'a, str>>) -> bool) {
        let mut ahead = self.ahead();
        if ahead.enter(b'{', &"an object").is_err() {
            return;
        }
        let mut is_first = true;
        while let Ok(true) = ahead.has_next(is_first, b'}') {
            is_first = false;
            let Ok(key) = ahead.key() else { return };
            let text = if ahead.peek() == Some(b'"') {
                ahead.string().ok()
            } else {
                None
            };
            let is_skipped = text.is_some() || ahead.skip().is_ok();
            if !is_skipped || !see(&key, text) {
                return;
            }
        }
    }

    /// Enters a list or an object.
    pub(crate) fn enter(&mut self, open: u8, expected: &dyn fmt::Display) -> Decoded {
        if !self.take(open) {
            return Err(self.unexpected(expected));
        }
        self.depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(DecodeError::too_deep)?;
        Ok(())
    }

    /// Goes on to the next element or key, or leaves the list or the object at its end.
    pub(crate) fn has_next(&mut self, is_first: bool, close: u8) -> Decoded<bool> {
        match self.peek() {
            Some(next) if next == close => {
                self.at += 1;
                self.depth += 1;
                return Ok(false);
            }
            Some(b',') if !is_first => self.at += 1,
            _ if is_first => {}
            _ => return Err(self.malformed()),
        }
        let elements = self.elements.checked_sub(1);
        self.elements = elements.ok_or_else(DecodeError::too_long)?;
        Ok(true)
    }

    /// Reads a key and the colon behind it.
    pub(super) fn key(&mut self) -> Decoded<Cow<'a, str>> {
        if self.peek() != Some(b'"') {
            return Err(self.malformed());
        }
        let key = self.string()?;
        self.expect(b':')?;
        Ok(key)
    }
}
