// A map of our own outlines without tiles: one pin to put (data-picker) or to show (data-place).
"use strict";

const ORNAMENT = "http://www.w3.org/2000/svg";

function pinIcon() {
  const svg = document.createElementNS(ORNAMENT, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  const drop = document.createElementNS(ORNAMENT, "path");
  drop.setAttribute("d", "M12 22c4-4.3 7-7.7 7-11.5a7 7 0 0 0-14 0c0 3.8 3 7.200 7 11.5z");
  const eye = document.createElementNS(ORNAMENT, "circle");
  eye.setAttribute("cx", "12");
  eye.setAttribute("cy", "10.5");
  eye.setAttribute("r", "2.5");
  svg.append(drop, eye);
  const holder = document.createElement("div");
  holder.append(svg);
  return L.divIcon({ html: holder, className: "pin", iconSize: [40, 40], iconAnchor: [20, 37] });
}

function unfold(part) {
  const outlines = JSON.parse(document.getElementById(part.dataset.outlines).textContent);
  part.hidden = false;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(part.querySelector("[data-map]"), {
    attributionControl: Boolean(outlines.attribution),
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    scrollWheelZoom: false,
    maxZoom: 17,
    minZoom: 4,
  });
  if (outlines.attribution) map.attributionControl.setPrefix(false).addAttribution(outlines.attribution);
  const areas = L.geoJSON(outlines, {
    style: { className: "area" }, // its colours stand in parts/map.css
    onEachFeature: (feature, layer) => {
      if (feature.properties.name) layer.bindTooltip(feature.properties.name, { sticky: true });
    },
  }).addTo(map);
  if (areas.getLayers().length) map.fitBounds(areas.getBounds());
  else map.setView([48, 67], 4);
  return map;
}

function pick(part) {
  const map = unfold(part);
  const lat = document.getElementById(part.dataset.lat);
  const lon = document.getElementById(part.dataset.lon);
  const said = part.querySelector("[data-said]");
  const clear = part.querySelector("[data-clear]");
  let pin = null;

  const write = (point) => {
    lat.value = point ? point.lat.toFixed(6) : "";
    lon.value = point ? point.lng.toFixed(6) : "";
    clear.hidden = !point;
  };
  const put = (point) => {
    if (pin) pin.setLatLng(point);
    else {
      pin = L.marker(point, { icon: pinIcon(), draggable: true, keyboard: false }).addTo(map);
      pin.on("dragend", () => write(pin.getLatLng()));
    }
    write(L.latLng(point));
    said.textContent = said.dataset.placed;
  };

  map.on("click", (event) => put(event.latlng));
  part.querySelector("[data-centre]").addEventListener("click", () => put(map.getCenter()));
  clear.addEventListener("click", () => {
    pin?.remove();
    pin = null;
    write(null);
    said.textContent = said.dataset.removed;
  });
  part.querySelector("[data-here]").addEventListener("click", () => {
    const failed = () => { said.textContent = said.dataset.failed; };
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const point = [coords.latitude, coords.longitude];
      put(point);
      map.setView(point, 14);
    }, failed, { timeout: 15000 });
  });
  if (lat.value && lon.value) {
    put([Number(lat.value), Number(lon.value)]);
    map.setView([Number(lat.value), Number(lon.value)], 11);
  }
}

function show(part) {
  const map = unfold(part);
  const point = [Number(part.dataset.lat), Number(part.dataset.lon)];
  L.marker(point, { icon: pinIcon(), interactive: false, keyboard: false }).addTo(map);
  map.setView(point, 11);
}

document.querySelectorAll("[data-picker]").forEach(pick);
document.querySelectorAll("[data-place]").forEach(show);
