// Members of the objects of k6/browser (https://grafana.com/docs/k6/latest/javascript-api/k6-browser/), by expressions of a script that
// browser-members.test.ts runs.
import type { SurfacePart } from './k6-surface.ts';

const FINDERS =
  'getByAltText getByLabel getByPlaceholder getByRole getByTestId getByText getByTitle locator frameLocator';
const STATES = 'isChecked isDisabled isEditable isEnabled isHidden isVisible';
const ACTIONS =
  'check click dblclick dispatchEvent fill focus getAttribute hover innerHTML innerText inputValue press selectOption setChecked setInputFiles tap textContent type uncheck';
const FRAME = `${FINDERS} ${STATES} ${ACTIONS} $ $$ content evaluate evaluateHandle goto setContent title url waitForFunction waitForLoadState waitForNavigation waitForSelector waitForTimeout waitForURL`;
const HEADERS = 'allHeaders headers headersArray headerValue frame url';
const HANDLE = 'asElement dispose evaluate evaluateHandle getProperties jsonValue';

export const BROWSER_SURFACE: readonly SurfacePart[] = [
  { of: 'browser', names: 'context closeContext isConnected newContext newPage userAgent version' },
  { of: 'chromium', names: 'connectOverCDP' },
  { of: 'networkProfiles["Slow 3G"]', names: 'latency download upload' },
  { of: 'devices["iPad landscape"]', names: 'name userAgent viewport deviceScaleFactor isMobile hasTouch' },
  {
    of: 'browser.context()',
    names:
      'addCookies addInitScript browser clearCookies clearPermissions close cookies grantPermissions newPage pages setDefaultNavigationTimeout setDefaultTimeout setGeolocation setHTTPCredentials setOffline waitForEvent',
  },
  {
    of: 'page',
    names: `${FRAME} bringToFront close context emulateMedia emulateVisionDeficiency frames goBack goForward isClosed keyboard mainFrame mouse on opener reload route screenshot setDefaultNavigationTimeout setDefaultTimeout setExtraHTTPHeaders setViewportSize throttleCPU throttleNetwork touchscreen unroute unrouteAll viewportSize waitForEvent waitForRequest waitForResponse workers`,
  },
  { of: 'page.mainFrame()', names: `${FRAME} childFrames frameElement isDetached name page parentFrame` },
  {
    of: 'page.locator("h1")',
    names: `${FINDERS} ${STATES} ${ACTIONS} all boundingBox clear contentFrame count evaluate evaluateHandle filter first isInViewport last nth pressSequentially waitFor`,
  },
  { of: 'page.frameLocator("iframe")', names: FINDERS },
  {
    of: 'await page.$("h1")',
    names: `${HANDLE} ${STATES} ${ACTIONS} $ $$ boundingBox contentFrame ownerFrame screenshot scrollIntoViewIfNeeded selectText waitForElementState waitForSelector`,
  },
  { of: 'await page.evaluateHandle(() => ({}))', names: HANDLE },
  { of: 'page.keyboard', names: 'down insertText press type up' },
  { of: 'page.mouse', names: 'click dblClick dblclick down move up' },
  { of: 'page.touchscreen', names: 'tap' },
  {
    of: 'response',
    names: `${HEADERS} body headerValues json ok request securityDetails serverAddr size status statusText text`,
  },
  {
    of: 'response.request()',
    names: `${HEADERS} failure isNavigationRequest method postData postDataBuffer resourceType response size timing`,
  },
  { of: 'route', names: 'abort continue fulfill request' },
  { of: 'events.console', names: 'args page text type' },
  { of: 'events.metric', names: 'tag' },
  { of: 'worked.workers()[0]', names: 'url' },
];
