/** The page: who one is, where one is, and what lies over it. */
import { type Dispatch, useCallback, useState } from "react";
import { About } from "./about";
import { Banner, type Drawer } from "./banner";
import { Channel } from "./channel/channel";
import { Thread } from "./channel/thread";
import { ConfirmDialog } from "./dialog";
import { type Asked, useActing } from "./here";
import { Home } from "./home";
import { useScreen, useWorld } from "./live";
import { Modal } from "./modal";
import { WorldPanel } from "./panel/world-panel";
import type { Message, Person, Workspace, WorldOrder } from "./protocol";
import type { Screen, ScreenEvent } from "./screen";
import { type Place, Sidebar } from "./sidebar";
import { Toasts } from "./toasts";
import { HereProvider } from "./workspace";

interface Root {
  channel: string;
  ts: string;
}

export function App({ workspace }: { workspace: Workspace }) {
  const people = workspace.people.filter((each) => !each.isBot);
  const [first] = people;
  const [me, setMe] = useState(first);
  if (me === undefined) {
    return <p className="loading">There is nobody in this workspace.</p>;
  }
  const become = (user: string) => setMe(people.find((each) => each.id === user));
  return <Page workspace={workspace} me={me} onBecome={become} />;
}

interface PageProps {
  workspace: Workspace;
  me: Person;
  onBecome: (user: string) => void;
}

function Page({ workspace, me, onBecome }: PageProps) {
  const [place, setPlace] = useState<Place>({ kind: "channel", id: workspace.mainChannel });
  const [thread, setThread] = useState<Root | null>(null);
  const [drawer, setDrawer] = useState<Drawer>(null);
  const [isAbout, setAbout] = useState(false);
  const [screen, isConnected, dispatch] = useScreen(me.id);
  const [world, drs, setWorld] = useWorld();
  const acting = useActing(workspace, me, world);
  const go = (wanted: Place) => {
    setPlace(wanted);
    setThread(null);
    setDrawer(null);
  };
  const obey = async (wanted: WorldOrder) => {
    const after = await acting.obeyed(wanted);
    if (after) {
      setWorld(after);
    }
  };
  return (
    <HereProvider value={acting.here}>
      <a className="skip" href="#main">
        Skip to messages
      </a>
      <Banner
        isConnected={isConnected}
        onAbout={() => setAbout(true)}
        onDrawer={(wanted) => setDrawer(drawer === wanted ? null : wanted)}
      />
      <div className={`columns ${thread ? "with-thread" : ""} ${drawer ? `drawer-${drawer}` : ""}`}>
        <Sidebar
          workspace={workspace}
          channels={screen?.channels ?? []}
          place={place}
          onGo={go}
          onBecome={onBecome}
        />
        <Reading
          me={me}
          place={place}
          screen={screen}
          thread={thread}
          onThread={setThread}
          dispatch={dispatch}
        />
        <WorldPanel world={world} drs={drs} onOrder={(wanted) => void obey(wanted)} />
      </div>
      <Overlays screen={screen} asked={acting.asked} onAnswered={() => acting.setAsked(null)} />
      {isAbout && <About onClose={() => setAbout(false)} />}
      <Toasts
        toasts={[
          ...acting.told.map((text) => ({ key: text, text, onClose: () => acting.putAway(text) })),
          ...warnings(screen).map(({ seq, text }) => ({
            key: `${seq}`,
            text,
            onClose: () => dispatch({ type: "put_away", seq }),
          })),
        ]}
      />
    </HereProvider>
  );
}

interface ReadingProps {
  me: Person;
  place: Place;
  screen: Screen | null;
  thread: Root | null;
  onThread: (root: Root | null) => void;
  dispatch: Dispatch<ScreenEvent>;
}

/** What one reads: a channel or the App Home, and beside it a thread. */
function Reading({ me, place, screen, thread, onThread, dispatch }: ReadingProps) {
  const open = useCallback(
    (message: Message) => onThread({ channel: message.channel, ts: message.threadTs ?? message.ts }),
    [onThread],
  );
  if (screen === null) {
    return <main id="main" tabIndex={-1} />;
  }
  const channel = screen.channels.find((each) => place.kind === "channel" && each.id === place.id);
  const root = thread && screen.messages.get(thread.channel)?.find((each) => each.ts === thread.ts);
  const nameOf = (id: string) => screen.channels.find((each) => each.id === id)?.name ?? "";
  return (
    <>
      <main id="main" tabIndex={-1}>
        {place.kind === "home" && <Home key={me.id} view={screen.home} />}
        {channel && (
          <Channel
            key={`${me.id}/${channel.id}`}
            channel={channel}
            screen={screen}
            onOpenThread={open}
            onPutAway={(seq) => dispatch({ type: "put_away", seq })}
          />
        )}
      </main>
      {root && (
        <Thread
          key={`${me.id}/${root.ts}`}
          root={root}
          channelName={nameOf(root.channel)}
          screen={screen}
          onClose={() => onThread(null)}
        />
      )}
    </>
  );
}

interface OverlaysProps {
  screen: Screen | null;
  asked: Asked | null;
  onAnswered: () => void;
}

/** The app's modal, and the dialog that asks back; no update of what lies under them takes them away. */
function Overlays({ screen, asked, onAnswered }: OverlaysProps) {
  const modal = screen?.modals.at(-1);
  const yes = () => {
    onAnswered();
    asked?.go();
  };
  return (
    <>
      {modal && <Modal key={modal.id} view={modal} />}
      {asked && <ConfirmDialog ask={asked.ask} onNo={onAnswered} onYes={yes} />}
    </>
  );
}

/** Slack's notices that have no place in a channel: beside a button, or in a modal. */
function warnings(screen: Screen | null) {
  return (screen?.notices ?? []).filter((notice) => !(notice.channel && notice.about.startsWith("/")));
}
