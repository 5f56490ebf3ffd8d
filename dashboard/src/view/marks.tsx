// Signs that are drawn, since fonts differ; and the mark of Sixfold.
import type { Quantity } from '../text/format.ts';

/** @param label empty: decoration beside a word that says the same */
export function Passed({ label = 'passed' }: { readonly label?: string }) {
  return (
    <svg class="sign pass" viewBox="0 0 16 16" role="img" aria-label={label} aria-hidden={label === ''}>
      <path d="M2.5 8.5l3.5 4 7.5-9" />
    </svg>
  );
}

export function Crossed({ label = 'failed' }: { readonly label?: string }) {
  return (
    <svg class="sign fail" viewBox="0 0 16 16" role="img" aria-label={label} aria-hidden={label === ''}>
      <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />
    </svg>
  );
}

/** A hexagon ring of six fading blades. */
export function Mark() {
  const corner = (index: number, radius: number): string => {
    const angle = (Math.PI / 3) * index - Math.PI / 2;
    return `${(12 + radius * Math.cos(angle)).toFixed(2)} ${(12 + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((blade) => (
        <path
          key={blade}
          opacity={1 - blade * 0.13}
          d={`M${corner(blade, 11.5)}L${corner(blade + 1, 11.5)}L${corner(blade + 1, 6.4)}L${corner(blade, 6.4)}Z`}
        />
      ))}
    </svg>
  );
}

export function Amount({ of }: { readonly of: Quantity }) {
  return (
    <>
      {of.number}
      {of.unit === '' ? null : <small> {of.unit}</small>}
    </>
  );
}
