// The real program on a fresh database, and people with browsers.  Nothing is mocked and no
// request is intercepted; every port is free and every process that is ended is one of ours.
import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

export const PASSWORD = 'yunxi-demo-2026'; // of every account of the made-up county
export const WIDE = { width: 1366, height: 768 };
export const NARROW = { width: 360, height: 740 };
const SHOTS = resolve(import.meta.dirname, '../shots');
const FAILURES = resolve(import.meta.dirname, 'failures');

/** Debian's Chromium; without the parts that only a desktop needs, where that package is there. */
const BROWSER =
  process.env['CHROMIUM'] ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

export const launch = (): Promise<Browser> => {
  if (BROWSER === undefined) throw new Error('no Chromium here: tools/deps.sh check');
  return chromium.launch({
    executablePath: BROWSER,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};

/** The program, serving a copy of the made-up county. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
    readonly url: string,
    private readonly log: string,
  ) {}

  static async start(
    options: {
      folder?: string;
      flags?: string[];
      environment?: NodeJS.ProcessEnv;
      /** Of a server that was there before; any free one otherwise. */
      port?: string;
    } = {},
  ): Promise<Server> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'yidan-e2e-'));
    const data = join(folder, 'data');
    const log = join(folder, 'server.log');
    if (options.folder === undefined)
      cpSync(process.env['E2E_COUNTY'] ?? '', data, { recursive: true });
    const child = spawn(
      process.env['YIDAN'] ?? '',
      [
        'serve',
        '--data',
        data,
        '--listen',
        `127.0.0.1:${options.port ?? 0}`,
        ...(options.flags ?? []),
      ],
      {
        stdio: ['ignore', 'pipe', openSync(log, 'a')],
        env: { ...process.env, ...options.environment },
      },
    );
    const url = await new Promise<string>((done, fail) => {
      let out = '';
      child.stdout?.on('data', (bytes: Buffer) => {
        out += bytes.toString();
        const found = /listening on (http:\S+)/.exec(out);
        if (found?.[1] !== undefined) done(found[1]);
      });
      child.on('exit', (code) =>
        fail(new Error(`the server ended with ${code}\n${readFileSync(log, 'utf8')}`)),
      );
    });
    return new Server(child, folder, url, log);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }

  /** It takes requests and answers none, until it is killed or goes on. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  /** As a power cut does it: nothing is said to anybody. */
  async kill(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await ended;
  }

  /**
   * As a dying disk does it, beneath the program: nothing can be read from here on.  The index of
   * the log goes last, so that nobody trusts what was read before.
   */
  damage(): void {
    const page = 4096;
    for (const [name, from, to] of [
      ['yidan.db', page, Infinity],
      ['yidan.db-wal', page, Infinity],
      ['yidan.db-shm', 0, 136],
    ] as const) {
      const file = openSync(join(this.folder, 'data', name), 'r+');
      const count = Math.max(0, Math.min(to, fstatSync(file).size) - from);
      writeSync(file, Buffer.alloc(count), 0, count, from);
      closeSync(file);
    }
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  tail(): string {
    return readFileSync(this.log, 'utf8').split('\n').slice(-12).join('\n');
  }
}

/** One person at one browser. */
export class Person {
  /** What the browser complained about; a test that expects none looks here. */
  readonly complaints: string[] = [];

  private constructor(
    readonly login: string,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly url: string,
    private csrf: string,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** Signed in through the API; the sign-in page has a test of its own. */
  static async signedIn(
    browser: Browser,
    url: string,
    login: string,
    viewport = WIDE,
    locale = 'zh-CN',
  ): Promise<Person> {
    const person = await Person.at(browser, url, login, viewport, locale);
    const answer = await person.context.request.post(`${url}/api/v1/session`, {
      data: { login, password: PASSWORD },
    });
    if (!answer.ok()) throw new Error(`${login}: ${answer.status()} ${await answer.text()}`);
    person.csrf = ((await answer.json()) as { csrf: string }).csrf;
    return person;
  }

  static async at(
    browser: Browser,
    url: string,
    login: string,
    viewport = WIDE,
    locale = 'zh-CN',
  ): Promise<Person> {
    const context = await browser.newContext({
      viewport,
      locale,
      timezoneId: 'Asia/Shanghai',
      hasTouch: viewport.width < 800,
      isMobile: viewport.width < 800,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
      );
    });
    return new Person(login, context, page, url, '');
  }

  async open(path: string): Promise<Page> {
    await this.page.goto(this.url + path);
    await this.settled();
    return this.page;
  }

  /** The page is there, and is told what happens from now on. */
  async listening(path: string): Promise<Page> {
    const protocol = await this.context.newCDPSession(this.page);
    await protocol.send('Network.enable');
    const told = new Promise((done) => protocol.once('Network.eventSourceMessageReceived', done));
    await this.open(path);
    await told;
    await protocol.detach();
    return this.page;
  }

  /** Nothing is being loaded, all is there, and the fonts; asked in the page, at one go. */
  async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      const end = performance.now() + 10_000;
      // What is around a page comes by itself, with the keys that work everywhere.
      const isThere = () =>
        document.querySelector('h1') !== null &&
        document.querySelector('[aria-busy="true"]') === null &&
        (document.querySelector('main.shell-page') === null ||
          document.querySelector('.shell-bar') !== null);
      while (!isThere()) {
        if (performance.now() > end)
          throw new Error(`${location.pathname} does not come to rest in 10 s`);
        await new Promise((done) => requestAnimationFrame(done));
      }
      await document.fonts.ready;
    });
  }

  /** Through the public interface, as this person. */
  async api<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.context.request.fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        'X-CSRF-Token': this.csrf,
        ...(method === 'POST' ? { 'Idempotency-Key': crypto.randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { data: body }),
    });
    if (!answer.ok())
      throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return (answer.status() === 204 ? undefined : await answer.json()) as Answer;
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }
}

const INK = { green: '#2f9e62', amber: '#b07d00', red: '#c22f27', brand: '#0b5cad' };
/** Bars or points of a chart by their colour, in the order of what they stand for. */
export const marks = (chart: Locator, colour: keyof typeof INK, kind: 'bars' | 'points'): Locator =>
  chart.locator(
    `svg path[fill="${INK[colour]}"]${kind === 'bars' ? ':not([transform])' : '[transform^="matrix"]'}`,
  );
/** A press of the mouse in the middle of it, whatever lies there. */
export async function press(page: Page, mark: Locator): Promise<void> {
  await mark.scrollIntoViewIfNeeded();
  const box = await mark.boundingBox();
  if (box === null) throw new Error('nothing is drawn there');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** A server and a browser for one file of tests; both end with it. */
export function useStage(flags: string[] = []): {
  browser: () => Browser;
  server: () => Server;
  url: () => string;
  /** The server ends and is there again, at the same place with the same data. */
  stop: () => Promise<void>;
  pause: () => void;
  kill: () => Promise<void>;
  damage: () => void;
  startAgain: () => Promise<void>;
  person: (login: string, viewport?: typeof WIDE, locale?: string) => Promise<Person>;
  stranger: (viewport?: typeof WIDE) => Promise<Person>;
  /** Stays signed in from test to test; who is called a stranger is not signed in. */
  resident: (login: string) => Promise<Person>;
} {
  let browser: Browser | null = null;
  let server: Server | null = null;
  let people: Person[] = [];
  const residents = new Map<string, Person>();
  const there = <Thing>(thing: Thing | null): Thing => {
    if (thing === null) throw new Error('the stage is not set');
    return thing;
  };

  beforeAll(async () => {
    server = await Server.start({ flags });
    browser = await launch();
  });
  afterEach(async (context) => {
    if (context.task.result?.state === 'fail') {
      mkdirSync(FAILURES, { recursive: true });
      const name = context.task.name.replace(/[^\w]+/g, '-');
      for (const person of [...people, ...residents.values()])
        await person.page
          .screenshot({ path: join(FAILURES, `${name}-${person.login}.png`), fullPage: true })
          .catch(() => undefined);
      console.error(server?.tail());
      for (const person of people) console.error(person.login, person.complaints);
    }
    for (const person of people) await person.context.close();
    people = [];
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });
  return {
    browser: () => there(browser),
    server: () => there(server),
    url: () => there(server).url,
    stop: () => there(server).stop(),
    pause: () => there(server).pause(),
    kill: () => there(server).kill(),
    damage: () => there(server).damage(),
    startAgain: async () => {
      const { folder, url } = there(server);
      server = await Server.start({ folder, flags, port: new URL(url).port });
    },
    person: async (login, viewport, locale) => {
      const person = await Person.signedIn(
        there(browser),
        there(server).url,
        login,
        viewport,
        locale,
      );
      people.push(person);
      return person;
    },
    resident: async (login) => {
      const known = residents.get(login);
      if (known !== undefined) return known;
      const person = await (login.startsWith('stranger') ? Person.at : Person.signedIn)(
        there(browser),
        there(server).url,
        login,
      );
      residents.set(login, person);
      return person;
    },
    stranger: async (viewport) => {
      const person = await Person.at(there(browser), there(server).url, 'stranger', viewport);
      people.push(person);
      return person;
    },
  };
}
