// Devices that contexts can take after (k6 page "devices"): Playwright knows most of them, and is followed in what they are.
import type * as Playwright from 'playwright-core';

export interface Device {
  readonly name: string;
  readonly userAgent: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly deviceScaleFactor: number;
  readonly isMobile: boolean;
  readonly hasTouch: boolean;
}

/** Those that have a landscape form, too; and one that has none. */
const TURNING = [
  'Blackberry PlayBook',
  'BlackBerry Z30',
  'Galaxy Note 3',
  'Galaxy Note II',
  'Galaxy S III',
  'Galaxy S5',
  'iPad',
  'iPad Mini',
  'iPad Pro',
  'iPhone 4',
  'iPhone 5',
  'iPhone 6',
  'iPhone 6 Plus',
  'iPhone 7',
  'iPhone 7 Plus',
  'iPhone 8',
  'iPhone 8 Plus',
  'iPhone SE',
  'iPhone X',
  'iPhone XR',
  'JioPhone 2',
  'Kindle Fire HDX',
  'LG Optimus L70',
  'Microsoft Lumia 550',
  'Microsoft Lumia 950',
  'Nexus 10',
  'Nexus 4',
  'Nexus 5',
  'Nexus 5X',
  'Nexus 6',
  'Nexus 6P',
  'Nexus 7',
  'Nokia Lumia 520',
  'Nokia N9',
  'Pixel 2',
  'Pixel 2 XL',
];

type Shape = Omit<Device, 'name'>;

function apple(kind: string, system: string, build: string, width: number, height: number): Shape {
  const userAgent = `Mozilla/5.0 (${kind}; CPU ${system} like Mac OS X) AppleWebKit/604.1.34 (KHTML, like Gecko) Version/11.0 Mobile/${build} Safari/604.1`;
  return { userAgent, viewport: { width, height }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
}

/** Those that Playwright does not know (any more), upright. */
const OTHERS: Readonly<Record<string, Shape>> = {
  iPad: apple('iPad', 'OS 11_0', '15A5341f', 768, 1024),
  'iPad Pro': apple('iPad', 'OS 11_0', '15A5341f', 1024, 1366),
  'iPhone 4': apple('iPhone', 'iPhone OS 7_1_2', '11D257', 320, 480),
  'iPhone 5': apple('iPhone', 'iPhone OS 10_3_1', '14E304', 320, 568),
  'JioPhone 2': {
    userAgent:
      'Mozilla/5.0 (Mobile; LYF/F300B/LYF-F300B-001-01-15-130718-i;Android; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5',
    viewport: { width: 240, height: 320 },
    deviceScaleFactor: 1,
    isMobile: true,
    hasTouch: true,
  },
};

/** @returns the devices by their names */
export function listDevices(known: typeof Playwright.devices): Readonly<Record<string, Device>> {
  const devices: Record<string, Device> = {};
  for (const name of TURNING) {
    const own = OTHERS[name];
    const upright = known[name] ?? own;
    const lying = known[`${name} landscape`] ?? (upright === undefined ? undefined : turn(upright));
    if (upright !== undefined) devices[name] = describe(name, upright);
    if (lying !== undefined) devices[`${name} landscape`] = describe(`${name} landscape`, lying);
  }
  return devices;
}

function turn(shape: Shape): Shape {
  const { width, height } = shape.viewport;
  return { ...shape, viewport: { width: height, height: width } };
}

function describe(name: string, { userAgent, viewport, deviceScaleFactor, isMobile, hasTouch }: Shape): Device {
  return { name, userAgent, viewport, deviceScaleFactor, isMobile, hasTouch };
}

/** Networks to slow a page down to (k6 page "throttleNetwork"): ms, and octets a second; -1 for no limit. */
export const NETWORK_PROFILES = {
  'No Throttling': { latency: 0, download: -1, upload: -1 },
  'Slow 3G': { latency: 2000, download: 50_000, upload: 50_000 },
  'Fast 3G': { latency: 562.5, download: 180_000, upload: 84_375 },
} as const;
