import { rmSync } from 'node:fs';

/**
 * Removes a file or folder that was not finished. That there is none is as good, also where the folder that it was to be in is a file, as
 * with a home of /dev/null: Node takes that for an error.
 */
export function removeDraft(place: string): void {
  try {
    rmSync(place, { recursive: true, force: true });
  } catch {
    // It could not be made either, or is not ours to remove.
  }
}
