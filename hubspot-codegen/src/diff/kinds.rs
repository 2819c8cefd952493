//! The kinds of change, which of them break programs, and why.

use serde::Serialize;

/// What changes are about, in the order of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Group {
    /// What a token must be granted.
    Scopes,
    /// Whole operations.
    Operations,
    /// Parameters and bodies of requests.
    Parameters,
    /// Fields of requests and responses.
    Fields,
    /// Listed values, and variants of unions.
    Values,
}

macro_rules! kinds {
    ($($group:ident $breaking:literal $kind:ident $label:literal $why:literal)*) => {
        /// A kind of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum ChangeKind {
            $(
                #[doc = concat!("The report says \"", $label, "\": ", $why, ".")]
                $kind,
            )*
        }

        impl ChangeKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// What it is about.
            pub fn group(self) -> Group {
                match self { $(Self::$kind => Group::$group,)* }
            }

            /// Returns whether it can break a program.
            pub fn is_breaking(self) -> bool {
                match self { $(Self::$kind => $breaking,)* }
            }

            /// What a report calls it.
            pub fn label(self) -> &'static str {
                match self { $(Self::$kind => $label,)* }
            }

            /// Why it can break a program, or cannot.
            pub fn why(self) -> &'static str {
                match self { $(Self::$kind => $why,)* }
            }
        }
    };
}

kinds! {
    Scopes true ScopesMore "needs more scopes" "a scope set that was enough no longer compiles, and a token gets 403"
    Scopes true ScopesOther "needs other scopes" "a scope set that was enough no longer compiles, and a token gets 403"
    Scopes true ScopesOfLogin "needs other scopes for one kind of login" "the scope set compiles, but a token of that kind gets 403"
    Scopes true CredentialOther "needs another credential" "what was sent so far is refused"
    Scopes false ScopesFewer "needs fewer scopes" "every scope set that was enough still is"
    Scopes false ScopesOfLoginFewer "needs fewer scopes for one kind of login" "every token that was enough still is"
    Scopes false CredentialNone "no longer needs a token" "a token does no harm"
    Operations true OperationRemoved "removed" "calls of it fail; HubSpot's documents give no date after which a deprecated one may go"
    Operations true OperationMoved "has another path" "calls of the old path fail"
    Operations false OperationDeprecated "deprecated" "it still works"
    Operations false OperationRestored "no longer deprecated" "it still works"
    Operations false OperationAdded "added" "nothing calls it yet"
    Operations false LimitOther "counts against another rate limit" "requests and responses stay the same"
    Parameters true ParameterRemoved "removed" "what it selected is ignored or refused, and code that sets it no longer compiles"
    Parameters true RequiredParameterAdded "added, required" "requests without it are refused"
    Parameters true ParameterRequired "now required" "requests without it are refused"
    Parameters true DefaultOther "has another default" "requests without it do something else"
    Parameters true ListStyleOther "has its values written another way" "several values are not understood as they were written"
    Parameters true BodyRemoved "removed" "what it said is ignored or refused"
    Parameters true RequiredBodyAdded "added, required" "requests without it are refused"
    Parameters true BodyRequired "now required" "requests without it are refused"
    Parameters true EncodingOther "is written another way" "bodies as they were are refused"
    Parameters false ParameterAdded "added, optional" "requests without it stay right"
    Parameters false ParameterOptional "now optional" "requests with it stay right"
    Parameters false ParameterDeprecated "deprecated" "it still works"
    Parameters false ParameterRestored "no longer deprecated" "it still works"
    Parameters false BodyAdded "added, optional" "requests without it stay right"
    Parameters false BodyOptional "now optional" "requests with it stay right"
    Fields true RequestFieldRemoved "removed from requests" "what it said is ignored or refused"
    Fields true RequiredRequestFieldAdded "added to requests, required" "requests without it are refused"
    Fields true RequestFieldRequired "now required in requests" "requests without it are refused"
    Fields true RequestFieldNotNullable "may no longer be null in requests" "requests with null are refused"
    Fields true RequestRetyped "has another type in requests" "values as they were are refused"
    Fields true ResponseRemoved "no longer has content" "nothing is left to read"
    Fields true ResponseFieldRemoved "removed from responses" "code that reads it finds nothing"
    Fields true ResponseFieldOptional "may now be missing from responses" "code that relies on it fails"
    Fields true ResponseFieldNullable "may now be null in responses" "code that relies on a value fails"
    Fields true ResponseRetyped "has another type in responses" "code cannot read the value"
    Fields false RequestFieldAdded "added to requests, optional" "requests without it stay right"
    Fields false RequestFieldOptional "now optional in requests" "requests with it stay right"
    Fields false RequestFieldNullable "may now be null in requests" "other values stay right"
    Fields false RequestWidened "takes more values in requests" "values as they were stay right"
    Fields false ResponseAdded "now has content" "content that is not expected is ignored"
    Fields false ResponseFieldAdded "added to responses" "fields that are not known are ignored"
    Fields false ResponseFieldRequired "always in responses now" "code that takes it as optional stays right"
    Fields false ResponseFieldNotNullable "no longer null in responses" "code that expects null stays right"
    Fields false ResponseNarrowed "has fewer values in responses" "code that reads more stays right"
    Fields false FieldDeprecated "deprecated" "it still works"
    Fields false FieldRestored "no longer deprecated" "it still works"
    Values true RequestValueRemoved "removed from requests" "requests with it are refused"
    Values false RequestValueAdded "added to requests" "other values stay right"
    Values false ResponseValueAdded "added to responses" "generated enums and unions keep unknown values; oasdiff warns, as other clients may not"
    Values false ResponseValueRemoved "removed from responses" "code that expects it stays right"
}
