//! What setters and filters take as values.

use super::value::PropertyValue;

/// A value of a property of type `V`: a `V`, a reference to one, or `&str` where `V` is `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of a property of type `{V}`",
    label = "expected a value of type `{V}`"
)]
pub trait IntoValue<V> {
    /// The value as HubSpot takes it, if it can be written.
    fn into_value(self) -> Option<String>;

    /// The value as filters of a search take it, if it can be written.
    fn into_filter(self) -> Option<String>
    where
        Self: Sized,
    {
        self.into_value()
    }
}

/// A new value of a property of type `V`, or `None` to clear it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of a property of type `{V}`",
    label = "expected a value of type `{V}`, or `None` to clear the property"
)]
pub trait IntoUpdate<V> {
    /// The value as HubSpot takes it, if it can be written; empty to clear the property.
    fn into_update(self) -> Option<String>;
}

/// Implements both traits. A message of the compiler would list each implementation.
macro_rules! values {
    ($({$($v:ident: $bound:path)?} $ty:ty, $value:ty, |$this:ident| $to_value:expr, $to_filter:expr;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl$(<$v: $bound>)? IntoValue<$value> for $ty {
                fn into_value(self) -> Option<String> {
                    let $this = self;
                    $to_value
                }

                fn into_filter(self) -> Option<String> {
                    let $this = self;
                    $to_value.and($to_filter)
                }
            }

            #[diagnostic::do_not_recommend]
            impl$(<$v: $bound>)? IntoUpdate<$value> for $ty {
                fn into_update(self) -> Option<String> {
                    let $this = self;
                    $to_value
                }
            }
        )*
    };
}

values! {
    {V: PropertyValue} V, V, |value| value.checked_property(), Some(PropertyValue::to_filter(&value));
    {V: PropertyValue} &V, V, |value| value.checked_property(), Some(PropertyValue::to_filter(value));
    {} &str, String, |value| Some(value.to_owned()), Some(value.to_owned());
}

/// The only `Option`, so that the compiler knows the type of a bare `None`.
#[diagnostic::do_not_recommend]
impl<V: PropertyValue> IntoUpdate<V> for Option<V> {
    fn into_update(self) -> Option<String> {
        self.map_or_else(|| Some(String::new()), |value| value.checked_property())
    }
}
