// What only improves a pupil's page: each part works alone, and the page works without any.
import "./listen.js";
import "./hide.js";
import "./pictures.js";
