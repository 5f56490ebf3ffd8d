import { an, type ClassSpec, later, listOfAll, now } from './bridge.ts';
import { FRAME_MEMBERS } from './frame-members.ts';

/** k6 page "Frame". */
export const FRAME: ClassSpec = {
  members: {
    ...FRAME_MEMBERS,
    childFrames: now([], listOfAll('Frame')),
    frameElement: later([], an('ElementHandle')),
    isDetached: now([]),
    name: now([]),
    page: now([], an('Page')),
    parentFrame: now([], an('Frame')),
  },
};
