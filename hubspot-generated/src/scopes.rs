//! OAuth scopes at compile time: the scopes that an application declares, and the calls that they allow.
//!
//! [`scope_set!`](crate::scope_set) declares a type. It implements [`ScopeSet`] and a trait of [`grants`] for every scope
//! that its clients have, and each operation has a bound on these traits. Scope sets have no values, so none of this is
//! left at run time.

/// The traits that a scope set implements: one for each scope that HubSpot knows, and a hidden one for each "any of
/// these" that an operation needs.
///
/// [`scope_set!`](crate::scope_set) implements them; code that is generic over the scope set names them in its bounds,
/// most simply with [`#[hubspot_scopes]`](crate::hubspot_scopes).
pub use crate::generated::scopes::grants;

/// What [`scope_set!`](crate::scope_set) and [`hubspot_scopes`](crate::hubspot_scopes) expand to. Not part of the public
/// API: it may change in any version.
#[doc(hidden)]
pub mod __private {
    pub use hubspot_macros::{check_scopes, declare_scopes, state_request};

    /// The type of a constant that each implementation of a scope set's traits has, so that none is written by accident.
    /// The audit reports those that no macro wrote.
    #[derive(Debug, Clone, Copy)]
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-hold: hand-written")
    )]
    pub struct ByScopeSet;

    /// Its value.
    pub const BY_SCOPE_SET: ByScopeSet = ByScopeSet;
}

/// The scopes that an application is installed with, as a type.
///
/// Declare one with [`scope_set!`](crate::scope_set), which writes the implementation. [`Unchecked`] is one, too; code that
/// takes declared sets only asks for [`Declared`].
pub trait ScopeSet: Send + Sync + 'static {
    /// The name of the type.
    const NAME: &'static str;

    /// What was declared.
    const DECLARED: DeclaredScopes;

    #[doc(hidden)]
    const WRITTEN_BY_SCOPE_SET: __private::ByScopeSet;
}

/// A [`ScopeSet`] that [`scope_set!`](crate::scope_set) declares: every one but [`Unchecked`].
///
/// `Client::upgrade` asks for it: a token can be compared only with scopes that are declared.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to be declared with `scope_set!`",
    label = "a token can be compared only with declared scopes",
    note = "`scope_set!` declares which scopes a token must have; a type parameter for such a set has the bound `hubspot_generated::scopes::Declared`"
)]
pub trait Declared: ScopeSet {
    #[doc(hidden)]
    const WRITTEN_BY_SCOPE_SET: __private::ByScopeSet;
}

/// What a [`ScopeSet`] was declared with. Each scope is in one list.
pub type DeclaredScopes = hubspot_scopes::ScopeLists<&'static [&'static str]>;

/// The scope set that allows every call: for scripts, and for code that learns its scopes at run time.
///
/// [`Client::unchecked_builder`](crate::Client::unchecked_builder) makes a client with it. The compiler then checks nothing; HubSpot
/// refuses a call that lacks a scope with 403, see [`Error::missing_scopes`](crate::Error::missing_scopes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "scope-audit",
    deprecated(note = "hubspot-scopes-hold: unchecked-type")
)]
pub enum Unchecked {}

impl ScopeSet for Unchecked {
    const NAME: &'static str = "Unchecked";
    const DECLARED: DeclaredScopes = DeclaredScopes {
        required: &[],
        conditional: &[],
        optional: &[],
        unlisted: &[],
        assumed: &[],
    };
    const WRITTEN_BY_SCOPE_SET: __private::ByScopeSet = __private::BY_SCOPE_SET;
}

/// Scope sets whose clients can do no more than those of `S`.
///
/// [`scope_set!`](crate::scope_set) implements it; [`Client::narrow`](crate::Client::narrow) asks for it. Only scopes that
/// the compiler checks count: those listed as `unlisted` do not.
#[diagnostic::on_unimplemented(
    message = "a client with the scopes `{S}` cannot be narrowed to `{Self}`",
    label = "not known to have no more scopes than `{S}`",
    note = "`narrow` takes a scope set that `scope_set!` declares and whose scopes are all among those of `{S}`"
)]
pub trait Within<S> {
    #[doc(hidden)]
    const WRITTEN_BY_SCOPE_SET: __private::ByScopeSet;
}

/// Declares the scopes that an application is installed with.
///
/// ```
/// use hubspot_generated::scopes::ScopeSet;
///
/// hubspot_generated::scope_set! {
///     /// What the nightly sync is installed with.
///     pub struct SyncScopes {
///         required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
///         optional: ["crm.objects.companies.read"],
///     }
/// }
///
/// assert_eq!(SyncScopes::DECLARED.optional, ["crm.objects.companies.read"]);
/// ```
///
/// | list | what it has | a `Client<SyncScopes>` has them |
/// | --- | --- | --- |
/// | `required` | scopes without which the app is not installed | yes |
/// | `conditional` | scopes that must be granted if the install link asks for them | no |
/// | `optional` | scopes that HubSpot leaves out where the account lacks the feature | no |
/// | `unlisted` | required scopes that this client's catalogue is too old to know | where a later catalogue knows them |
/// | `assume` | scopes that an operation is documented to need, but that HubSpot does not ask for | yes |
///
/// All are optional. A scope that HubSpot does not have is an error (with the nearest one that it has), as is a scope
/// that is listed twice.
///
/// The lists can come from the file in which a HubSpot project keeps them, so that there is one source of truth. Its path
/// is relative to the folder of `Cargo.toml`. Only `assume` may stand beside it:
///
/// ```ignore (reads the file of a HubSpot project)
/// hubspot_generated::scope_set!(pub struct AppScopes = "src/app/app-hsmeta.json");
///
/// hubspot_generated::scope_set! {
///     pub struct AppScopes = "src/app/app-hsmeta.json" {
///         assume: ["crm.schemas.custom.write"],
///     }
/// }
/// ```
///
/// When the file changes, cargo compiles the declaration again. It compares modification times: a file that is replaced by
/// one with an older time, as `cp -p`, `rsync -t` or unpacking an archive does, goes unnoticed until something else in the
/// package changes. `touch` the file then. (Comparing contents is `-Z checksum-freshness`, which stable cargo does not
/// have, and a macro is not run unless cargo decides to compile.)
///
/// A name in the file that this client does not know is taken as it is, for HubSpot checks the file when the project is
/// uploaded; a misspelt one shows as a missing scope where it is needed.
///
/// The type has no values. It implements [`ScopeSet`](crate::scopes::ScopeSet), [`Declared`](crate::scopes::Declared),
/// [`Within`](crate::scopes::Within) and the traits of [`grants`](crate::scopes::grants) that its scopes satisfy; nothing
/// else may implement these. `#[cfg]` and lint levels such as `#[allow]` on the struct apply to the implementations, too.
#[macro_export]
macro_rules! scope_set {
    ($($declaration:tt)*) => {
        $crate::__scope_catalogue! { { $crate::scopes::__private::declare_scopes } $($declaration)* }
    };
}
