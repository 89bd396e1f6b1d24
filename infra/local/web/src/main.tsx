import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "slack-blocks-to-jsx/dist/style.css";
import { fetchWorkspace } from "./api";
import { App } from "./app";
import "./styles/base.css";
import "./styles/columns.css";
import "./styles/controls.css";
import "./styles/messages.css";
import "./styles/panel.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

fetchWorkspace().then(
  (workspace) =>
    root.render(
      <StrictMode>
        <App workspace={workspace} />
      </StrictMode>,
    ),
  () => root.render(<p className="loading">The local stack does not answer. Is it still running?</p>),
);
