//! Keys of objects whose fields are known.

use std::borrow::Cow;
use std::fmt;

use super::Decoder;
use super::error::Decoded;

impl<'a> Decoder<'a> {
    /// Reads the members of an object. `member` reads the value of the name with an index; members of other names are
    /// skipped. `expected` is what the error says if there is no object.
    pub(crate) fn known_members(
        &mut self,
        expected: &dyn fmt::Display,
        names: &'static [&'static str],
        member: &mut dyn FnMut(&mut Self, usize) -> Decoded,
    ) -> Decoded {
        self.enter(b'{', expected)?;
        let mut order = self.orders.take(names);
        let (mut is_first, mut place, mut next) = (true, 0, 0);
        while self.has_next(is_first, b'}')? {
            is_first = false;
            let guess = order.guess(place, next);
            let name = names.get(guess).copied().filter(|_| order.is_plain);
            let index = match self.key_unless(name)? {
                None => guess,
                Some(key) => {
                    let Some(index) = names.iter().position(|name| *name == key) else {
                        self.skip().map_err(|error| error.at_key(&key))?;
                        continue;
                    };
                    index
                }
            };
            place = order.advance(place, index, index == guess);
            next = index + 1;
            member(self, index).map_err(|error| error.at_key(names[index]))?;
        }
        self.orders.keep(order);
        Ok(())
    }

    /// Reads a key and the colon after it, and returns the key unless it is `guess`, in which JSON escapes nothing.
    pub(crate) fn key_unless(&mut self, guess: Option<&str>) -> Decoded<Option<Cow<'a, str>>> {
        match guess {
            Some(guess) if self.take_key(guess) => Ok(None),
            _ => self.key().map(Some),
        }
    }

    /// Reads this key and the colon after it, if both come next without white space between them.
    fn take_key(&mut self, name: &str) -> bool {
        self.peek();
        let rest = &self.text.as_bytes()[self.at..];
        let rest = rest
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_prefix(name.as_bytes()));
        let is_next = rest.is_some_and(|rest| rest.starts_with(b"\":"));
        if is_next {
            self.at += name.len() + 3;
        }
        is_next
    }
}
