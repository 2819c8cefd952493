//! What `#[derive(Record)]` writes for each property. The compiler expands a macro of this kind much faster than a derive
//! writes the same code.

/// Implements the constants and setters of a record, how it is read, and the patch of its values.
///
/// Fields come in groups of one type, so that there is a call for each type and not for each field. A group has a list for
/// what the patch sets and one for what it does not: of each field its name, its setter (if it has one), its constant, the
/// property's name and its index in `names`.
#[doc(hidden)]
#[macro_export]
macro_rules! __record {
    (
        $record:ident $patch:ident $records:ident $path:literal
        id [$($id:ident)?]
        names [$($all:literal)*]
        sensitive [$($sensitive:literal)*]
        required [$(
            ($r_type:ty)
            [$($r:ident $r_set:ident $r_const:ident $r_name:literal $r_index:literal)*]
            [$($ro:ident $ro_const:ident $ro_name:literal $ro_index:literal)*]
        )*]
        optional [$(
            ($o_type:ty) $o_read:ident $o_write:ident
            [$($o:ident $o_set:ident $o_const:ident $o_name:literal $o_index:literal)*]
            [$($oo:ident $oo_const:ident $oo_name:literal $oo_index:literal)*]
        )*]
        multi [$(
            ($m_type:ty)
            [$($m:ident $m_set:ident $m_const:ident $m_name:literal $m_index:literal)*]
            [$($mo:ident $mo_const:ident $mo_name:literal $mo_index:literal)*]
        )*]
    ) => {
        /// Its properties. The documentation of each is the internal name.
        #[automatically_derived]
        #[allow(dead_code, deprecated, non_snake_case)]
        impl $record {
            $($(
                #[doc = $r_name]
                pub const $r_const: $crate::__rt::record::Property<Self, $r_type> =
                    $crate::__rt::record::property($r_name);
            )*$(
                #[doc = $ro_name]
                pub const $ro_const: $crate::__rt::record::Property<Self, $r_type> =
                    $crate::__rt::record::property($ro_name);
            )*)*
            $($(
                #[doc = $o_name]
                pub const $o_const: $crate::__rt::record::Property<Self, $o_type> =
                    $crate::__rt::record::property($o_name);
            )*$(
                #[doc = $oo_name]
                pub const $oo_const: $crate::__rt::record::Property<Self, $o_type> =
                    $crate::__rt::record::property($oo_name);
            )*)*
            $($(
                #[doc = $m_name]
                pub const $m_const: $crate::__rt::record::Property<Self, $m_type> =
                    $crate::__rt::record::property($m_name);
            )*$(
                #[doc = $mo_name]
                pub const $mo_const: $crate::__rt::record::Property<Self, $m_type> =
                    $crate::__rt::record::property($mo_name);
            )*)*

            /// Returns an empty patch, for what is to be changed.
            pub fn patch(&self) -> $patch {
                $patch::new()
            }
        }

        /// Sets properties. The documentation of each method is the property's internal name.
        #[automatically_derived]
        #[allow(dead_code, deprecated, non_snake_case)]
        impl $patch {
            // One call of a method is checked faster than two of functions.
            #[doc(hidden)]
            fn __set<V>(self, name: &'static str, value: impl $crate::__rt::record::IntoValue<V>) -> Self {
                Self($crate::__rt::record::set_value(self.0, name, value))
            }

            #[doc(hidden)]
            fn __update<V>(self, name: &'static str, value: impl $crate::__rt::record::IntoUpdate<V>) -> Self {
                Self($crate::__rt::record::update_value(self.0, name, value))
            }

            $($(
                #[doc = $r_name]
                pub fn $r_set(self, value: impl $crate::__rt::record::IntoValue<$r_type>) -> Self {
                    self.__set($r_name, value)
                }
            )*)*
            $($(
                #[doc = $o_name]
                pub fn $o_set(self, value: impl $crate::__rt::record::IntoUpdate<$o_type>) -> Self {
                    self.__update($o_name, value)
                }
            )*)*
            $($(
                #[doc = $m_name]
                pub fn $m_set(
                    self,
                    value: impl ::core::iter::IntoIterator<Item = impl $crate::__rt::record::IntoValue<$m_type>>,
                ) -> Self {
                    Self($crate::__rt::record::set_values(self.0, $m_name, value))
                }
            )*)*
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl ::core::convert::From<&$record> for $patch {
            #[allow(unused_variables, unused_mut)]
            fn from(record: &$record) -> Self {
                let mut patch = Self::new();
                $($crate::__rt::record::put::<$r_type, _>(&mut patch.0, [$($r_name),*], [$(&record.$r),*]);)*
                $($crate::__rt::record::$o_write::<$o_type, _>(&mut patch.0, [$($o_name),*], [$(&record.$o),*]);)*
                $($crate::__rt::record::put_all::<$m_type, _>(&mut patch.0, [$($m_name),*], [$(&record.$m),*]);)*
                patch
            }
        }

        #[automatically_derived]
        #[allow(deprecated, non_snake_case)]
        impl $crate::__rt::record::Record for $record {
            const OBJECT: &'static str = $path;
            const PROPERTIES: &'static [&'static str] = &[$($all),*];
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
                    let [$(::core::option::Option::Some($r),)* $(::core::option::Option::Some($ro)),*] =
                        $crate::__rt::record::required::<$r_type, _>(&fields, [$($r_index,)* $($ro_index),*])
                    else {
                        return fields.failed();
                    };
                )*
                $(let [$($o,)* $($oo),*] =
                    $crate::__rt::record::$o_read::<$o_type, _>(&fields, [$($o_index,)* $($oo_index),*]);)*
                $(let [$($m,)* $($mo),*] =
                    $crate::__rt::record::multi::<$m_type, _>(&fields, [$($m_index,)* $($mo_index),*]);)*
                let record = Self {
                    $($id,)? $($($r,)* $($ro,)*)* $($($o,)* $($oo,)*)* $($($m,)* $($mo,)*)*
                };
                fields.finish(record)
            }
        }
    };
}
pub use __record as derived;
