//! What HubSpot's responses say about the tokens of an account.
//!
//! A 401 alone does not tell whether HubSpot refuses the token or only one request. A refreshed token that is refused,
//! too, ends the authorization of the account, unless another request shows that the tokens are good.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::credential::{MAX_REPLACED, Target};

/// How long no refresh is tried after HubSpot refused an access token that it had just returned: for one target if the
/// token is good for others, for the account if not.
pub(super) const REFUSED_INTERVAL: Duration = Duration::from_mins(5);
/// The number of targets that are remembered.
const MAX_TARGETS: usize = 1000;

/// What a 401 means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The token may have expired or been revoked: refresh it.
    Refresh,
    /// Only this request is refused.
    Request,
    /// HubSpot refuses the account's tokens.
    Account,
}

/// Which requests HubSpot has accepted with a token of the account, and which it has not.
#[derive(Default)]
pub(super) struct Acceptance {
    /// Whether the token in use replaced a refused one, and has not been accepted yet.
    is_awaited: bool,
    /// The targets that refused a refreshed token since one was accepted.
    refused_by: HashSet<Target>,
    /// The targets that accepted a token.
    accepted_by: HashSet<Target>,
    /// The targets that refused good tokens, and until when they are expected to.
    expected: HashMap<Target, Instant>,
}

impl Acceptance {
    /// Notes that another token is in use; `is_awaited` if it replaces a refused one.
    pub(super) fn start(&mut self, is_awaited: bool) {
        self.is_awaited = is_awaited;
    }

    /// Notes a success.
    pub(super) fn accepted(&mut self, target: Target, is_current: bool) {
        if is_current {
            self.is_awaited = false;
            self.refused_by.clear();
        }
        self.expected.remove(&target);
        if self.accepted_by.len() < MAX_TARGETS {
            self.accepted_by.insert(target);
        }
    }

    /// Notes a 401. `replaced` tells how many tokens in a row the request had before, and `is_expired` whether HubSpot says
    /// that the token has expired.
    pub(super) fn refused(
        &mut self,
        target: Target,
        replaced: u32,
        is_expired: bool,
        now: Instant,
    ) -> Verdict {
        self.expected.retain(|_, until| now < *until);
        if self.expected.contains_key(&target) {
            return Verdict::Request;
        }
        let is_good = !self.is_awaited;
        let is_known = self.accepted_by.contains(&target);
        // Others had worked before, this one never did.
        let is_new = !self.accepted_by.is_empty() && !is_known;
        // If both the token and the request have been accepted, the token has expired since.
        let is_expired = (is_expired && !is_new) || (is_good && is_known);
        if (replaced == 0 && is_good) || (replaced < MAX_REPLACED && is_expired) {
            return Verdict::Refresh;
        }
        let is_only_one = self.refused_by.iter().all(|other| *other == target);
        if is_good || (is_new && is_only_one) {
            self.expected.insert(target, now + REFUSED_INTERVAL);
        }
        self.refused_by.insert(target);
        if is_good || (is_new && is_only_one) {
            Verdict::Request
        } else {
            Verdict::Account
        }
    }

    /// Returns whether the account's tokens may be good for `target` although it needs authorization: no other target than
    /// one has refused them.
    pub(super) fn may_try(&self, target: Target) -> bool {
        self.refused_by.len() == 1 && !self.refused_by.contains(&target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Target = 1;
    const BAD: Target = 2;
    const OTHER: Target = 3;

    fn at(seconds: u64) -> Instant {
        static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
        *START + Duration::from_secs(seconds)
    }

    #[test]
    fn nothing_but_refusals_ends_the_authorization() {
        let mut acceptance = Acceptance::default();
        assert_eq!(acceptance.refused(GOOD, 0, false, at(0)), Verdict::Refresh);
        acceptance.start(true);
        assert_eq!(acceptance.refused(GOOD, 1, false, at(0)), Verdict::Account);
        assert!(acceptance.may_try(OTHER) && !acceptance.may_try(GOOD));
        assert_eq!(acceptance.refused(OTHER, 1, false, at(0)), Verdict::Account);
        assert!(!acceptance.may_try(BAD));
    }

    #[test]
    fn a_target_that_worked_before_speaks_for_the_account() {
        let mut acceptance = Acceptance::default();
        acceptance.accepted(GOOD, true);
        acceptance.start(true);
        assert_eq!(acceptance.refused(GOOD, 1, false, at(0)), Verdict::Account);
    }

    #[test]
    fn a_token_that_has_expired_again_is_replaced_again() {
        for is_expired in [true, false] {
            let mut acceptance = Acceptance::default();
            acceptance.accepted(GOOD, true);
            for replaced in 0..MAX_REPLACED {
                let verdict = acceptance.refused(GOOD, replaced, is_expired, at(0));
                assert_eq!(verdict, Verdict::Refresh);
                acceptance.start(true);
                if !is_expired {
                    acceptance.accepted(OTHER, true);
                }
            }
            let verdict = acceptance.refused(GOOD, MAX_REPLACED, is_expired, at(0));
            assert_ne!(verdict, Verdict::Refresh);
        }
    }

    #[test]
    fn a_target_that_never_worked_speaks_for_itself() {
        let mut acceptance = Acceptance::default();
        acceptance.accepted(GOOD, true);
        assert_eq!(acceptance.refused(BAD, 0, false, at(0)), Verdict::Refresh);
        acceptance.start(true);
        assert_eq!(acceptance.refused(BAD, 1, false, at(0)), Verdict::Request);
        // Its next refusals refresh nothing for a while.
        assert_eq!(acceptance.refused(BAD, 0, false, at(299)), Verdict::Request);
        assert_eq!(
            acceptance.refused(GOOD, 0, false, at(299)),
            Verdict::Account,
            "the token is refused by others, too"
        );
        acceptance.accepted(GOOD, true);
        assert_eq!(acceptance.refused(BAD, 0, false, at(300)), Verdict::Refresh);
        // The token was accepted in the meantime.
        acceptance.start(true);
        acceptance.accepted(GOOD, true);
        assert_eq!(acceptance.refused(BAD, 1, false, at(300)), Verdict::Request);
        assert_eq!(
            acceptance.refused(OTHER, 1, false, at(300)),
            Verdict::Request
        );
    }

    #[test]
    fn an_old_token_that_is_accepted_says_nothing_about_the_new_one() {
        let mut acceptance = Acceptance::default();
        acceptance.start(true);
        acceptance.accepted(GOOD, false);
        assert_eq!(acceptance.refused(GOOD, 1, false, at(0)), Verdict::Account);
    }
}
