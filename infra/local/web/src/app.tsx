/** The page: who one is, where one is, and what lies over it. */
import { useCallback, useMemo, useRef, useState } from "react";
import { About } from "./about";
import { order, perform, Refused } from "./api";
import { Channel } from "./channel/channel";
import { Thread } from "./channel/thread";
import { ConfirmDialog } from "./dialog";
import { worldTimeAt } from "./format";
import { Home } from "./home";
import { useScreen, useWorld } from "./live";
import { Modal } from "./modal";
import { WorldPanel } from "./panel/world-panel";
import type { Act, Message, Workspace, WorldOrder } from "./protocol";
import type { Screen } from "./screen";
import { type Place, Sidebar } from "./sidebar";
import { Toasts } from "./toasts";
import type { Confirm } from "./values";
import { type Here, HereProvider, type Wanted } from "./workspace";

type Drawer = "sidebar" | "panel" | null;

export function App({ workspace }: { workspace: Workspace }) {
  const people = workspace.people.filter((each) => !each.isBot);
  const [me, setMe] = useState(people[0]);
  const [place, setPlace] = useState<Place>({ kind: "channel", id: workspace.mainChannel });
  const [thread, setThread] = useState<{ channel: string; ts: string } | null>(null);
  const [drawer, setDrawer] = useState<Drawer>(null);
  const [isAbout, setAbout] = useState(false);
  const [asked, setAsked] = useState<{ ask: Confirm; go: () => void } | null>(null);
  const [told, setTold] = useState<string[]>([]);
  const [screen, isConnected, dispatch] = useScreen(me?.id ?? "");
  const [world, drs, setWorld] = useWorld();
  const clock = useRef(world);
  clock.current = world;

  const tell = useCallback(
    (text: string) => setTold((all) => [...all.filter((each) => each !== text), text]),
    [],
  );
  const guarded = useCallback(
    async <T,>(doing: Promise<T>): Promise<T | undefined> => {
      try {
        return await doing;
      } catch (error) {
        tell(error instanceof Refused ? error.message : "The local stack does not answer.");
        return undefined;
      }
    },
    [tell],
  );
  const here = useMemo<Here | null>(
    () =>
      me
        ? {
            workspace,
            me,
            worldNow: () => worldTimeAt(clock.current, Date.now() / 1000),
            act: (wanted: Wanted) => guarded(perform({ as: me.id, ...wanted } as Act)),
            confirmed: (ask, go) => (ask ? setAsked({ ask, go }) : go()),
          }
        : null,
    [workspace, me, guarded],
  );
  const openThread = useCallback(
    (message: Message) => setThread({ channel: message.channel, ts: message.threadTs ?? message.ts }),
    [],
  );
  if (here === null) {
    return <p className="loading">There is nobody in this workspace.</p>;
  }
  const go = (wanted: Place) => {
    setPlace(wanted);
    setThread(null);
    setDrawer(null);
  };
  const become = (user: string) => {
    setMe(people.find((each) => each.id === user));
    setAsked(null);
  };
  const obey = async (wanted: WorldOrder) => {
    const after = await guarded(order(wanted));
    if (after) {
      setWorld(after);
    }
  };
  const channel = screen?.channels.find((each) => place.kind === "channel" && each.id === place.id);
  const root = thread && screen?.messages.get(thread.channel)?.find((each) => each.ts === thread.ts);
  const modal = screen?.modals.at(-1);
  return (
    <HereProvider value={here}>
      <a className="skip" href="#main">
        Skip to messages
      </a>
      <Banner
        isConnected={isConnected}
        onAbout={() => setAbout(true)}
        onDrawer={(wanted) => setDrawer(drawer === wanted ? null : wanted)}
      />
      <div className={`columns ${root ? "with-thread" : ""} ${drawer ? `drawer-${drawer}` : ""}`}>
        <Sidebar
          workspace={workspace}
          channels={screen?.channels ?? []}
          place={place}
          onGo={go}
          onBecome={become}
        />
        <main id="main" tabIndex={-1}>
          {screen && place.kind === "home" && <Home key={here.me.id} view={screen.home} />}
          {screen && channel && (
            <Channel
              key={`${here.me.id}/${channel.id}`}
              channel={channel}
              screen={screen}
              onOpenThread={openThread}
              onPutAway={(seq) => dispatch({ type: "put_away", seq })}
            />
          )}
        </main>
        {screen && root && (
          <Thread
            key={`${here.me.id}/${root.ts}`}
            root={root}
            channelName={screen.channels.find((each) => each.id === root.channel)?.name ?? ""}
            screen={screen}
            onClose={() => setThread(null)}
          />
        )}
        <WorldPanel world={world} drs={drs} onOrder={(wanted) => void obey(wanted)} />
      </div>
      {modal && <Modal key={modal.id} view={modal} />}
      {asked && (
        <ConfirmDialog
          ask={asked.ask}
          onNo={() => setAsked(null)}
          onYes={() => {
            setAsked(null);
            asked.go();
          }}
        />
      )}
      {isAbout && <About onClose={() => setAbout(false)} />}
      <Toasts
        toasts={[
          ...told.map((text) => ({
            key: text,
            text,
            onClose: () => setTold((all) => all.filter((each) => each !== text)),
          })),
          ...warnings(screen).map((notice) => ({
            key: `${notice.seq}`,
            text: notice.text,
            onClose: () => dispatch({ type: "put_away", seq: notice.seq }),
          })),
        ]}
      />
    </HereProvider>
  );
}

/** Slack's notices that have no place in a channel: beside a button, or in a modal. */
function warnings(screen: Screen | null) {
  return (screen?.notices ?? []).filter((notice) => !(notice.channel && notice.about.startsWith("/")));
}

interface BannerProps {
  isConnected: boolean;
  onAbout: () => void;
  onDrawer: (drawer: Drawer) => void;
}

function Banner({ isConnected, onAbout, onDrawer }: BannerProps) {
  return (
    <header className="banner">
      <button
        type="button"
        className="quiet drawer-button"
        aria-label="Workspace"
        onClick={() => onDrawer("sidebar")}
      >
        ☰
      </button>
      <p>
        <strong>Simulation</strong>
        <span className="wide"> of Slack, with the real bot. Nothing here is on the internet.</span>{" "}
        <button type="button" className="link" onClick={onAbout}>
          What it does not model
        </button>
      </p>
      <p role="status">{!isConnected && "Reconnecting…"}</p>
      <button
        type="button"
        className="quiet drawer-button"
        aria-label="The world"
        onClick={() => onDrawer("panel")}
      >
        🌍
      </button>
    </header>
  );
}
