//! No token can be compared with the scopes of `Unchecked`, by whatever name it goes.

use hubspot_generated::scopes::Declared;
use hubspot_generated::{Client, ScopeSet, Unchecked};

type All = Unchecked;

fn by_name<S>(hubspot: &Client<S>) {
    drop(hubspot.upgrade::<Unchecked>());
}

fn by_alias<S>(hubspot: &Client<S>) {
    drop(hubspot.upgrade::<All>());
}

fn by_type_of_result<S>(hubspot: Client<S>) {
    let _ = async move {
        let all: Option<Client<Unchecked>> = hubspot.upgrade().await.unwrap();
        drop(all);
    };
}

fn any_set<S, T: ScopeSet>(hubspot: &Client<S>) {
    drop(hubspot.upgrade::<T>());
}

fn any_declared_set<S, T: Declared>(hubspot: &Client<S>) {
    drop(hubspot.upgrade::<T>());
}

fn through_a_helper<S>(hubspot: &Client<S>) {
    any_declared_set::<S, Unchecked>(hubspot);
}

fn main() {}
