"""A second evaluator of the Clas rules, to be compared with the product's own.

Independence is the point of this package. It was written from the published contract and from the
five texts alone, by someone who had not read the engine: it imports nothing from the engine, reads
none of its rule files and shares none of its parameters, so that a mistake has to be made twice,
by two readers, to go unseen. Keep it so: settle a disagreement by re-reading the contract and the
texts, never by copying one side into the other.

- `reference`: `evaluer(projet)`, statuses and verdict, with the criteria in `national`,
  `collectif`, `local` and the enumeration of unknown facts in `groups`;
- `amounts`: the amounts and their ranges;
- `comparaison`: `comparer(resultat, attendu)`, differences in readable sentences;
- `strategies`: random valid projects, complete or partly unknown;
- `cas.jsonl`: projects with the results expected by hand.
"""
