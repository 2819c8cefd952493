//! `Debug` of types that hold secrets, or data of an account.

/// Implements `Debug` for a type with the given fields only; the output shows that there are others.
macro_rules! debug_fields {
    ($name:ident $(<$($parameter:ident $(: $bound:path)?),+>)?, |$this:pat_param| $($field:ident: $value:expr),* $(,)?) => {
        impl $(<$($parameter $(: $bound)?),+>)? std::fmt::Debug for $name $(<$($parameter),+>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let $this = self;
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &$value))*
                    .finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use debug_fields;
