//! One source with all mutants of a file in it, each behind `crate::mutant::on(<number>)`.

use crate::{
    list::Mutant,
    sites::{self, Kind, Place, Site},
};
use std::{collections::BTreeSet, fmt::Write as _, ops::Range};

/// What is known of mutants that cannot be switched at run time.
#[derive(Default)]
pub struct Refused {
    /// By number: does not compile.
    pub unviable: BTreeSet<usize>,
    /// By number: stands where a constant is computed, or does not compile together with others.
    pub left: BTreeSet<usize>,
    /// Functions that are called where a constant is computed and so have to stay `const`.
    pub constant: BTreeSet<String>,
}

impl Refused {
    pub fn has(&self, number: usize) -> bool {
        self.left.contains(&number) || self.unviable.contains(&number)
    }
}

/// `text` with all of `mutants` that belong to it, by number.
pub fn rewrite(text: &str, mutants: &[(usize, &Mutant)], refused: &mut Refused) -> String {
    let lines: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let at = |(line, column): (usize, usize)| {
        let start = lines[line - 1];
        let line = text[start..].split('\n').next().unwrap_or_default();
        start
            + line
                .char_indices()
                .nth(column - 1)
                .map_or(line.len(), |(at, _)| at)
    };
    let places: Vec<Place> = mutants
        .iter()
        .map(|(number, mutant)| {
            (
                *number,
                at(mutant.span.start)..at(mutant.span.end),
                mutant.genre,
            )
        })
        .collect();
    let mut sites = sites::find(text, &places, refused);
    let found: BTreeSet<usize> = sites.iter().flat_map(|site| site.mutants.clone()).collect();
    refused.left.extend(
        places
            .iter()
            .map(|(number, ..)| *number)
            .filter(|number| !found.contains(number)),
    );
    for site in &mut sites {
        site.mutants.retain(|number| !refused.has(*number));
    }
    sites.retain(|site| site.kind == Kind::Const || !site.mutants.is_empty());
    // Outer ones first.
    sites.sort_by_key(|site| {
        (
            site.range.start,
            usize::MAX - site.range.end,
            matches!(site.kind, Kind::Expression),
        )
    });
    let what = |number: usize| {
        let (_, mutant) = mutants
            .iter()
            .find(|(other, _)| *other == number)
            .expect("one of them");
        let (_, place, _) = places
            .iter()
            .find(|(other, ..)| *other == number)
            .expect("one of them");
        (place.clone(), mutant.replacement.as_str())
    };
    let mut out = String::new();
    render(text, 0..text.len(), &sites, &what, &mut out);
    out
}

fn render<'a>(
    text: &str,
    range: Range<usize>,
    mut sites: &[Site],
    what: &impl Fn(usize) -> (Range<usize>, &'a str),
    out: &mut String,
) {
    let mut from = range.start;
    while let Some((site, rest)) = sites.split_first() {
        let inside = rest
            .iter()
            .take_while(|inner| inner.range.start < site.range.end)
            .count();
        let (inner, rest) = rest.split_at(inside);
        out.push_str(&text[from..site.range.start]);
        from = site.range.end;
        sites = rest;
        match site.kind {
            Kind::Const => {}
            Kind::Arm(guard) => {
                out.push_str(" if ");
                for (index, number) in site.mutants.iter().enumerate() {
                    let and = if index == 0 { "" } else { " && " };
                    let _ = write!(out, "{and}!crate::mutant::on({number})");
                }
                if let Some(guard) = guard {
                    out.push_str(" && (");
                    render(text, guard..site.range.end, inner, what, out);
                    out.push(')');
                }
            }
            Kind::Body => {
                for number in &site.mutants {
                    let (_, value) = what(*number);
                    let _ = write!(
                        out,
                        "if crate::mutant::on({number}) {{ /*<{number}*/ return {value}; /*>*/ }} "
                    );
                }
                render(text, site.range.clone(), inner, what, out);
            }
            Kind::Expression | Kind::Guard => {
                out.push('(');
                for number in &site.mutants {
                    let (place, by) = what(*number);
                    let (before, after) = (
                        &text[site.range.start..place.start],
                        &text[place.end..site.range.end],
                    );
                    let _ = write!(
                        out,
                        "if crate::mutant::on({number}) {{ /*<{number}*/ {before}{by} {after} /*>*/ }} else "
                    );
                }
                out.push('{');
                render(text, site.range.clone(), inner, what, out);
                out.push_str("})");
            }
        }
    }
    out.push_str(&text[from..range.end]);
}
