//! What `#[derive(Record)]` writes for each property. The compiler expands a macro of this kind much faster than a derive
//! writes the same code.

/// Implements the constants and setters of a record, how it is read, and the patch of its values. Fields come in groups of
/// one type, so that there is a call for each type and not for each field.
#[doc(hidden)]
#[macro_export]
macro_rules! __record {
    (
        $record:ident $patch:ident $records:ident $path:literal
        names [$($name:literal)*]
        sensitive [$($sensitive:literal)*]
        constants [$(($constant_type:ty) $($constant:ident $constant_name:literal $constant_docs:literal)*;)*]
        values [$(($value_type:ty) $($value:ident $value_name:literal $value_docs:literal)*;)*]
        updates [$(($update_type:ty) $($update:ident $update_name:literal $update_docs:literal)*;)*]
        lists [$(($list_type:ty) $($list:ident $list_name:literal $list_docs:literal)*;)*]
        read [$($id:ident)?]
        [$(($required_type:ty) $($required:ident $required_index:literal)*;)*]
        [$($read:ident ($type:ty) $($field:ident $index:literal)*;)*]
        write [$($write:ident ($write_type:ty) $($written:ident $written_name:literal)*;)*]
    ) => {
        #[automatically_derived]
        #[allow(dead_code, deprecated, non_snake_case)]
        impl $record {
            $($(
                #[doc = $constant_docs]
                pub const $constant: $crate::__rt::record::Property<Self, $constant_type> =
                    $crate::__rt::record::property($constant_name);
            )*)*

            /// Returns an empty patch, for what is to be changed.
            pub fn patch(&self) -> $patch {
                $patch::new()
            }
        }

        #[automatically_derived]
        #[allow(dead_code, deprecated, non_snake_case)]
        impl $patch {
            // The compiler checks a call of a method faster than those of two functions.
            #[doc(hidden)]
            fn __set<V>(self, name: &'static str, value: impl $crate::__rt::record::IntoValue<V>) -> Self {
                Self($crate::__rt::record::set_value(self.0, name, value))
            }

            #[doc(hidden)]
            fn __update<V>(self, name: &'static str, value: impl $crate::__rt::record::IntoUpdate<V>) -> Self {
                Self($crate::__rt::record::update_value(self.0, name, value))
            }

            $($(
                #[doc = $value_docs]
                pub fn $value(self, value: impl $crate::__rt::record::IntoValue<$value_type>) -> Self {
                    self.__set($value_name, value)
                }
            )*)*
            $($(
                #[doc = $update_docs]
                pub fn $update(self, value: impl $crate::__rt::record::IntoUpdate<$update_type>) -> Self {
                    self.__update($update_name, value)
                }
            )*)*
            $($(
                #[doc = $list_docs]
                pub fn $list(
                    self,
                    value: impl ::core::iter::IntoIterator<Item = impl $crate::__rt::record::IntoValue<$list_type>>,
                ) -> Self {
                    Self($crate::__rt::record::set_values(self.0, $list_name, value))
                }
            )*)*
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl ::core::convert::From<&$record> for $patch {
            #[allow(unused_variables, unused_mut)]
            fn from(record: &$record) -> Self {
                let mut patch = Self::new();
                $($crate::__rt::record::$write::<$write_type, _>(&mut patch.0, [$($written_name),*], [$(&record.$written),*]);)*
                patch
            }
        }

        #[automatically_derived]
        #[allow(deprecated, non_snake_case)]
        impl $crate::__rt::record::Record for $record {
            const OBJECT: &'static str = $path;
            const PROPERTIES: &'static [&'static str] = &[$($name),*];
            const SENSITIVE: &'static [usize] = &[$($sensitive),*];
            type Patch = $patch;
            type Records<S> = $records<S>;

            fn records<S>(client: &$crate::__rt::client::Client<S>) -> $records<S> {
                $records::new(client)
            }

            fn from_fields(
                fields: $crate::__rt::record::Fields<'_>,
            ) -> ::core::result::Result<Self, $crate::__rt::record::RecordError> {
                $(let $id = $crate::__rt::record::id(&fields)?;)?
                $(
                    // One pattern for all: the compiler checks it faster than a `?` for each.
                    let [$(::core::option::Option::Some($required)),*] =
                        $crate::__rt::record::required::<$required_type, _>(&fields, [$($required_index),*])
                    else {
                        return fields.failed();
                    };
                )*
                $(let [$($field),*] = $crate::__rt::record::$read::<$type, _>(&fields, [$($index),*]);)*
                let record = Self { $($id,)? $($($required,)*)* $($($field,)*)* };
                fields.finish(record)
            }
        }
    };
}
pub use __record as derived;
